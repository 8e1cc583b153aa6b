using System.Globalization;
using Kamal.Engine.Commands;

namespace Kamal.Engine.Hosts;

/// <summary>
/// The processes of one command on a host. sshd passes no signals for root, and a command without a terminal outlives its
/// connection, so another channel sends the signals.
/// </summary>
internal static class ProcessGroup
{
    /// <summary>How long the processes may take to end.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>How long they may take before they are killed, in looks of at least 50 ms: what must not be cut off in its middle ignores the first signal.</summary>
    private const int Looks = 60;

    /// <summary>Ends a process group, first kindly; when this returns, none of its processes begins anything any more.</summary>
    /// <param name="connection">The host.</param>
    /// <param name="group">The group's number there.</param>
    /// <param name="ended">Ends when the group's first process has.</param>
    /// <returns>False if the host gave no way to do so: the connection is closed then, and the processes may go on.</returns>
    public static async Task<bool> EndAsync(IHostConnection connection, int group, Task ended)
    {
        try
        {
            if (!connection.IsConnected) return false;
            using var grace = new CancellationTokenSource(Grace);
            await using var killer = await connection.StartAsync(Command(group), grace.Token).ConfigureAwait(false);
            await killer.Completion.WaitAsync(grace.Token).ConfigureAwait(false);
            await Task.WhenAny(ended, Task.Delay(Grace, grace.Token)).ConfigureAwait(false);
            return true;
        }
        catch (Exception error) when (error is KamalException or IOException or OperationCanceledException)
        {
            // A server that allows one session refuses the second channel; closing the connection is the stop that is left.
            await connection.DisposeAsync().ConfigureAwait(false);
            return false;
        }
    }

    /// <summary>The command line that does it; the account's own shell may be of any kind.</summary>
    private static string Command(int group)
    {
        var text = string.Create(CultureInfo.InvariantCulture,
            $"kill -s TERM -- -{group}; n=0; while kill -s 0 -- -{group} && [ $n -lt {Looks} ]; do n=$((n + 1)); sleep 0.05 || sleep 1; done; kill -s KILL -- -{group}; :");
        return "exec sh -c " + ShellWord.Literal(text).Text + " 2>/dev/null";
    }
}
