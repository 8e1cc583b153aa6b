using System.Collections.Concurrent;
using System.Diagnostics;
using Kamal.Engine.Events;

namespace Kamal.Engine.Hosts;

/// <summary>A connection and its script shells: one host's place in the pool.</summary>
internal sealed class HostSession(IHostConnection connection) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<int, Lane> _lanes = new();
    private long _lastUsed = Stopwatch.GetTimestamp();
    private int _users;

    public IHostConnection Connection => connection;

    /// <summary>Since when it stands.</summary>
    public DateTimeOffset ConnectedAt { get; } = DateTimeOffset.UtcNow;

    /// <summary>Whether something runs on it, or a forwarding stands.</summary>
    public bool IsBusy => Volatile.Read(ref _users) > 0;

    /// <summary>How long it has had nothing to do.</summary>
    public TimeSpan Idle => IsBusy ? TimeSpan.Zero : Stopwatch.GetElapsedTime(Interlocked.Read(ref _lastUsed));

    /// <summary>How long it may have nothing to do before it is closed.</summary>
    public TimeSpan IdleTimeout { get; set; } = Timeout.InfiniteTimeSpan;

    /// <summary>Keeps it from being closed as idle until what is returned is disposed.</summary>
    public IDisposable Use()
    {
        Interlocked.Increment(ref _users);
        return new Usage(this);
    }

    public Task<ScriptResult> RunAsync(HostScript script, IRunSink sink, CancellationToken cancellationToken) =>
        InLaneAsync(script.Lane, scripts => scripts.RunAsync(script, sink, cancellationToken), cancellationToken);

    /// <summary>Starts the shell that the first script will want.</summary>
    public Task PrepareAsync(CancellationToken cancellationToken) => InLaneAsync(0, async scripts =>
    {
        await scripts.PrepareAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }, cancellationToken);

    /// <summary>
    /// Whether the host still answers. A connection that was used just now is taken at its word; an idle one is asked, so that
    /// a script is never sent into the void: whether it ran could not be told then.
    /// </summary>
    public async Task<bool> IsAliveAsync(HostConnectionLimits limits, CancellationToken cancellationToken)
    {
        if (!connection.IsConnected) return false;
        if (Idle < limits.ProbeAfter) return true;
        // The shell that is there answers in one round trip, and where the server allows no second channel.
        var probe = RunAsync(new HostScript("Probe", []) { Lane = _lanes.Keys.DefaultIfEmpty(0).Min() }, new Silence(), CancellationToken.None);
        try
        {
            return (await probe.WaitAsync(limits.ProbeTimeout, cancellationToken).ConfigureAwait(false)).Failure is null;
        }
        catch (TimeoutException)
        {
            return false;
        }
        catch (KamalException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The connection first: shells on a dead one could not be ended politely.
        await connection.DisposeAsync().ConfigureAwait(false);
        foreach (var lane in _lanes.Values) await lane.Scripts.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<TResult> InLaneAsync<TResult>(int number, Func<ScriptSession, Task<TResult>> run, CancellationToken cancellationToken)
    {
        using var usage = Use();
        var lane = _lanes.GetOrAdd(number, _ => new Lane(connection));
        await lane.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await run(lane.Scripts).ConfigureAwait(false);
        }
        finally
        {
            lane.Gate.Release();
        }
    }

    private void Release()
    {
        Interlocked.Exchange(ref _lastUsed, Stopwatch.GetTimestamp());
        Interlocked.Decrement(ref _users);
    }

    private sealed class Lane(IHostConnection connection)
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public ScriptSession Scripts { get; } = new(connection);
    }

    private sealed class Usage(HostSession session) : IDisposable
    {
        private int _ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0) session.Release();
        }
    }

    private sealed class Silence : IRunSink
    {
        public void Emit(RunEvent runEvent)
        {
            // A probe is nobody's step.
        }
    }
}
