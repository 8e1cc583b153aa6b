using System.Globalization;

namespace Kamal.Engine.Hosts;

/// <summary>
/// The processes of one command on a host. sshd does not forward signals for root, and a command without a terminal outlives its
/// connection, so the signals are sent over another channel.
/// </summary>
internal static class ProcessGroup
{
    /// <summary>How long the processes may take to end.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How often to check, at intervals of at least 50 ms, before SIGKILL: commands that must not be interrupted ignore SIGTERM.
    /// </summary>
    private const int Checks = 60;

    /// <summary>Ends a process group with SIGTERM, then SIGKILL. When this returns, none of its processes does anything more.</summary>
    /// <param name="connection">The host.</param>
    /// <param name="group">The process group ID.</param>
    /// <param name="ended">Completes when the group's leader has ended.</param>
    /// <returns>False if that was not possible: the connection is then closed, and the processes may still be running.</returns>
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
            // A server that allows a single session refuses the second channel; all that is left is to close the connection.
            await connection.DisposeAsync().ConfigureAwait(false);
            return false;
        }
    }

    /// <summary>The command line, for a login shell of any kind.</summary>
    private static string Command(int group)
    {
        var text = string.Create(CultureInfo.InvariantCulture,
            $"kill -s TERM -- -{group}; n=0; while kill -s 0 -- -{group} && [ $n -lt {Checks} ]; do n=$((n + 1)); sleep 0.05 || " +
            $"sleep 1; done; kill -s KILL -- -{group}; :");
        return "exec sh -c " + ShellWord.Literal(text).Text + " 2>/dev/null";
    }
}
