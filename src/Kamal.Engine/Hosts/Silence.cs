using Kamal.Engine.Events;

namespace Kamal.Engine.Hosts;

/// <summary>
/// Watches for the first answer of a host that has let us log in: says so when it is late, and stops waiting when it is far too late. What
/// runs there may take as long as it likes; a shell that runs nothing may not.
/// </summary>
internal sealed class Silence : IDisposable
{
    /// <summary>How long an answer may take before somebody is told.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>How long it may take at all.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly ITimer _notice;
    private readonly ITimer _limit;
    private int _over;

    /// <summary>Begins to watch.</summary>
    /// <param name="sink">Is told.</param>
    /// <param name="stop">Is cancelled at the limit.</param>
    public Silence(string hostName, IRunSink sink, TimeProvider clock, CancellationTokenSource stop)
    {
        _notice = clock.CreateTimer(
            _ =>
            {
                if (Volatile.Read(ref _over) == 0) sink.Warn($"waiting for {hostName}: it has let us log in, but nothing there has answered for {Patience.TotalSeconds:0} s.", hostName);
            },
            null, Patience, Timeout.InfiniteTimeSpan);
        _limit = clock.CreateTimer(
            _ =>
            {
                if (Interlocked.Exchange(ref _over, 1) != 0) return;
                IsTooLong = true;
                try
                {
                    stop.Cancel();
                }
                catch (ObjectDisposedException)
                {
                    // The answer came in this very moment.
                    return;
                }
            },
            null, Limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The error of a host that has not answered in time.</summary>
    public static KamalException Error(string hostName) =>
        new(KamalErrorId.TimedOut, $"{hostName} has not answered within {Limit.TotalSeconds:0} s after the login; whether anything was carried out is not known.")
        {
            HostName = hostName,
            Recommendation = "Log in there with ssh and see what holds up the account's shell: its start-up files, a home directory on a network, the host's load.",
        };

    /// <summary>Whether the limit has ended the wait.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>It has answered, or nobody waits any more.</summary>
    public void End() => Interlocked.Exchange(ref _over, 1);

    /// <inheritdoc/>
    public void Dispose()
    {
        End();
        _notice.Dispose();
        _limit.Dispose();
    }
}
