using System.Net.Sockets;

namespace Kamal.Engine.Hosts;

/// <summary>Turns any exception on one host into that host's error, so that the other hosts' results are not lost.</summary>
internal static class HostErrors
{
    /// <summary>The error of a host.</summary>
    public static KamalException Wrap(string hostName, Exception error) => error switch
    {
        KamalException known => known,
        OperationCanceledException or TimeoutException =>
            new(KamalErrorId.TimedOut, $"{hostName}: the host did not respond in time.", error) { HostName = hostName },
        IOException or SocketException =>
            new(KamalErrorId.ConnectionFailed, $"{hostName}: the connection broke: {error.Message}", error) { HostName = hostName },
        _ => new(KamalErrorId.Internal, $"{hostName}: internal error in the Kamal module: {error.GetType().Name}: {error.Message}", error)
        {
            HostName = hostName,
            Recommendation = "Report it with the output of Get-Error.",
        },
    };

    /// <summary>Whether an exception is one host's error, and not the end of the run.</summary>
    /// <param name="run">The run's token.</param>
    public static bool IsHosts(Exception error, CancellationToken run) =>
        error is not OperationCanceledException || !run.IsCancellationRequested;
}
