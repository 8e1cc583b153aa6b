using System.Globalization;

namespace Kamal.Engine.Hosts;

/// <summary>
/// The processes of one command on a host. sshd passes no signals for root, and a command without a terminal outlives its
/// connection, so another channel sends the signals.
/// </summary>
internal static class ProcessGroup
{
    /// <summary>How long the processes may take to end.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Ends a process group, first kindly; waits for its first process.</summary>
    /// <param name="connection">The host.</param>
    /// <param name="group">The group's number there.</param>
    /// <param name="ended">Ends when the group's first process has.</param>
    public static async Task EndAsync(IHostConnection connection, int group, Task ended)
    {
        try
        {
            if (!connection.IsConnected) return;
            using var grace = new CancellationTokenSource(Grace);
            await using var killer = await connection.StartAsync(
                string.Create(CultureInfo.InvariantCulture, $"kill -s TERM -- -{group}; sleep 1; kill -s KILL -- -{group} 2>/dev/null || :"), grace.Token).ConfigureAwait(false);
            await Task.WhenAny(ended, Task.Delay(Grace, grace.Token)).ConfigureAwait(false);
        }
        catch (Exception error) when (error is KamalException or IOException or OperationCanceledException)
        {
            // A server that allows one session refuses the second channel; closing the connection is the stop that is left.
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }
}
