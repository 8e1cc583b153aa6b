using System.Globalization;
using Kamal.Engine.Events;

namespace Kamal.Engine.Hosts;

/// <summary>
/// Watches for the first response of a host after login: warns if it is late, and stops waiting at the limit. Commands may take
/// any time; an idle shell must respond promptly.
/// </summary>
internal sealed class ResponseWatch : IDisposable
{
    /// <summary>How long to wait before a warning.</summary>
    public static readonly TimeSpan WarnAfter = TimeSpan.FromSeconds(5);

    /// <summary>How long to wait in total.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly ITimer _notice;
    private readonly ITimer _limit;
    private int _stopped;

    /// <summary>Starts to watch.</summary>
    /// <param name="sink">Receives the warning.</param>
    /// <param name="stop">Cancelled at the limit.</param>
    public ResponseWatch(string hostName, IRunSink sink, TimeProvider clock, CancellationTokenSource stop)
    {
        _notice = clock.CreateTimer(
            _ =>
            {
                if (Volatile.Read(ref _stopped) == 0)
                {
                    sink.Warn(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"Logged in, but {hostName} has not responded for {WarnAfter.TotalSeconds:0} s."),
                        hostName);
                }
            },
            null, WarnAfter, Timeout.InfiniteTimeSpan);
        _limit = clock.CreateTimer(
            _ =>
            {
                if (Interlocked.Exchange(ref _stopped, 1) != 0) return;
                IsTimedOut = true;
                try
                {
                    stop.Cancel();
                }
                catch (ObjectDisposedException)
                {
                    // The response arrived at this moment.
                    return;
                }
            },
            null, Limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The error of a host that did not respond in time.</summary>
    public static KamalException Error(string hostName) =>
        new(
            KamalErrorId.TimedOut,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{hostName} did not respond within {Limit.TotalSeconds:0} s after login. It is unknown whether anything was run."))
        {
            HostName = hostName,
            Cause = new(CauseName.HostSilent, "the host does not answer"),
            Recommendation = "Log in with ssh and check what delays the account's shell: its startup files, a network home " +
                "directory, or the host's load.",
        };

    /// <summary>Whether the limit was reached.</summary>
    public bool IsTimedOut { get; private set; }

    /// <summary>Stops watching.</summary>
    public void Stop() => Interlocked.Exchange(ref _stopped, 1);

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        _notice.Dispose();
        _limit.Dispose();
    }
}
