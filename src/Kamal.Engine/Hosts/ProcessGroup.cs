using System.Globalization;
using Kamal.Engine.Commands;

namespace Kamal.Engine.Hosts;

/// <summary>
/// The processes of one command on a host. sshd does not forward signals for root, and a command without a terminal outlives its
/// connection, so the signals are sent over another channel.
/// </summary>
internal static class ProcessGroup
{
    /// <summary>How long the processes may take to end.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>How long it may take to end what a command began in a container as well.</summary>
    private static readonly TimeSpan GraceInContainer = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How often to check, at intervals of at least 50 ms, before SIGKILL: commands that must not be interrupted ignore SIGTERM.
    /// </summary>
    private const int Checks = 60;

    /// <summary>Ends a process group with SIGTERM, then SIGKILL. When this returns, none of its processes does anything more.</summary>
    /// <param name="connection">The host.</param>
    /// <param name="group">The process group ID.</param>
    /// <param name="ended">Completes when the group's leader has ended.</param>
    /// <param name="ending">What else is to be ended, in a container.</param>
    /// <returns>False if that was not possible: the connection is then closed, and the processes may still be running.</returns>
    public static async Task<bool> EndAsync(IHostConnection connection, int group, Task ended, ExecEnding? ending = null)
    {
        try
        {
            if (!connection.IsConnected) return false;
            using var grace = new CancellationTokenSource(ending is null ? Grace : GraceInContainer);
            await using var killer = await connection.StartAsync(Command(group, ending), grace.Token).ConfigureAwait(false);
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

    /// <summary>Ends what a command on a terminal began in a container: without its terminal only the command itself ends.</summary>
    /// <param name="connection">The host.</param>
    /// <param name="ending">What is to be ended.</param>
    public static async Task EndInContainerAsync(IHostConnection connection, ExecEnding ending)
    {
        try
        {
            if (!connection.IsConnected) return;
            using var grace = new CancellationTokenSource(GraceInContainer);
            await using var killer = await connection.StartAsync(
                InShell($"g=; {ending.Find.Text}; {ending.End.Text}"), grace.Token).ConfigureAwait(false);
            await killer.Completion.WaitAsync(grace.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is KamalException or IOException or OperationCanceledException)
        {
            // The connection is gone, and the command in the container goes on.
            return;
        }
    }

    /// <summary>The command line, for a login shell of any kind.</summary>
    private static string Command(int group, ExecEnding? ending)
    {
        var kill = string.Create(CultureInfo.InvariantCulture,
            $"kill -s TERM -- -{group}; n=0; while kill -s 0 -- -{group} && [ $n -lt {Checks} ]; do n=$((n + 1)); sleep 0.05 || " +
            $"sleep 1; done; kill -s KILL -- -{group}; :");
        // What it began is found while its client is there. At most one of the two is waited for longer than the other.
        return InShell(ending is null
            ? kill
            : string.Create(CultureInfo.InvariantCulture, $"g={group}; {ending.Find.Text}; {{ {ending.End.Text}; }} & {kill}; wait"));
    }

    private static string InShell(string text) => "exec sh -c " + ShellWord.Literal(text).Text + " 2>/dev/null";
}
