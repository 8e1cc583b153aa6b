using System.Net.Sockets;

namespace Kamal.Engine.Hosts;

/// <summary>Whatever goes wrong with one host is that host's error, so that it never takes the other hosts' results with it.</summary>
internal static class HostErrors
{
    /// <summary>The error of a host.</summary>
    public static KamalException Wrap(string hostName, Exception error) => error switch
    {
        KamalException known => known,
        OperationCanceledException or TimeoutException => new(KamalErrorId.TimedOut, $"{hostName}: the host did not answer in time.", error) { HostName = hostName },
        IOException or SocketException => new(KamalErrorId.ConnectionFailed, $"{hostName}: the connection broke: {error.Message}", error) { HostName = hostName },
        _ => new(KamalErrorId.Internal, $"{hostName}: this is a fault of the Kamal module: {error.GetType().Name}: {error.Message}", error)
        {
            HostName = hostName,
            Recommendation = "Please report it, with the output of Get-Error.",
        },
    };

    /// <summary>Whether an exception is one host's error, rather than the end of the run.</summary>
    /// <param name="run">What ends the run.</param>
    public static bool IsHosts(Exception error, CancellationToken run) => error is not OperationCanceledException || !run.IsCancellationRequested;
}
