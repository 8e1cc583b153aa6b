using System.Collections.Concurrent;
using Kamal.Engine.Events;

namespace Kamal.Engine.Hosts;

/// <summary>A pooled connection and its script shells.</summary>
/// <param name="leftovers">Receives processes of stopped scripts that could not be ended over this connection.</param>
internal sealed class HostSession(IHostConnection connection, TimeProvider clock, Leftovers? leftovers = null) : IAsyncDisposable
{
    // Retry for a second in total before giving up on a server that refuses a session.
    private const int RoomTries = 20;
    private static readonly TimeSpan RoomDelay = TimeSpan.FromMilliseconds(50);
    private readonly ConcurrentDictionary<int, Lane> _lanes = new();
    private readonly Lane _beside = new(new ScriptSession(connection, clock: clock, leftovers: leftovers));
    private readonly Lock _asking = new();
    private Task<bool>? _answer;
    private long _lastUsed = clock.GetTimestamp();
    private long _lastHeard = clock.GetTimestamp();
    private int _users;

    public IHostConnection Connection => connection;

    /// <summary>When it was established.</summary>
    public DateTimeOffset ConnectedAt { get; } = clock.GetUtcNow();

    /// <summary>Whether it runs something or forwards a port.</summary>
    public bool IsBusy => Volatile.Read(ref _users) > 0;

    /// <summary>How long it has been idle.</summary>
    public TimeSpan Idle => IsBusy ? TimeSpan.Zero : clock.GetElapsedTime(Interlocked.Read(ref _lastUsed));

    /// <summary>The limits of the last run that used it.</summary>
    public HostConnectionLimits Limits { get; set; } = new();

    private TimeSpan Silence => clock.GetElapsedTime(Interlocked.Read(ref _lastHeard));

    /// <summary>Marks it as in use until the returned object is disposed.</summary>
    public IDisposable Use()
    {
        Interlocked.Increment(ref _users);
        return new Usage(this);
    }

    public Task<ScriptResult> RunAsync(HostScript script, IRunSink sink, CancellationToken cancellationToken) =>
        InLaneAsync(script.Lane, scripts => scripts.RunAsync(script, sink, cancellationToken), cancellationToken);

    /// <summary>
    /// Runs a script in a lane of its own, unreported. It takes no shell away from others: where the server allows no further session, it
    /// fails.
    /// </summary>
    public async Task<ScriptResult> RunBesideAsync(HostScript script)
    {
        using var usage = Use();
        await _beside.Gate.WaitAsync().ConfigureAwait(false);
        try
        {
            return await _beside.Scripts.RunAsync(script, new Silent(), CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _beside.Gate.Release();
        }
    }

    /// <summary>Starts the shell for the first script ahead of time.</summary>
    public Task PrepareAsync(CancellationToken cancellationToken) => InLaneAsync(0, async scripts =>
    {
        await scripts.PrepareAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }, cancellationToken);

    /// <summary>
    /// Starts a command in its own session. If the server's session limit is reached (sshd's <c>MaxSessions</c>), an idle script
    /// shell is closed to make room; a busy one is closed when its script has ended.
    /// </summary>
    public Task<IRemoteProcess> StartAsync(string command, CancellationToken cancellationToken) =>
        StartAsync(() => connection.StartAsync(command, cancellationToken), cancellationToken);

    /// <summary>Starts a command in its own session, with a terminal.</summary>
    public Task<IRemoteProcess> StartAsync(string command, PseudoTerminal terminal, CancellationToken cancellationToken) =>
        StartAsync(() => connection.StartAsync(command, terminal, cancellationToken), cancellationToken);

    private async Task<IRemoteProcess> StartAsync(Func<Task<IRemoteProcess>> start, CancellationToken cancellationToken)
    {
        for (var tries = 0; ;)
        {
            try
            {
                return await start().ConfigureAwait(false);
            }
            catch (KamalException refused) when (refused.Id == KamalErrorId.ConnectionFailed && connection.IsConnected && tries < RoomTries)
            {
                if (!await MakeRoomAsync(cancellationToken).ConfigureAwait(false)) tries++;
                // The server counts a session until its processes have ended.
                await Task.Delay(RoomDelay, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>
    /// Whether the host still responds. A connection that has been silent for a while is probed first, so that a script is never
    /// sent over a dead connection, after which it would be unknown whether the script ran.
    /// </summary>
    public Task<bool> IsAliveAsync(CancellationToken cancellationToken) => IsAliveAsync(Limits.ProbeAfter, cancellationToken);

    /// <summary>Probes an idle connection in the background, which saves the next command a round trip.</summary>
    /// <returns>False if the host no longer responds.</returns>
    public async Task<bool> WatchAsync() =>
        IsBusy || Idle > Limits.WatchFor || await IsAliveAsync(Limits.ProbeAfter / 2, CancellationToken.None).ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        // The connection first: on a dead one, shells cannot be closed cleanly.
        await connection.DisposeAsync().ConfigureAwait(false);
        foreach (var lane in _lanes.Values.Append(_beside)) await lane.Scripts.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<bool> IsAliveAsync(TimeSpan silence, CancellationToken cancellationToken)
    {
        if (!connection.IsConnected) return false;
        Task<bool> answer;
        lock (_asking)
        {
            // Concurrent callers share one probe.
            if (_answer is not { IsCompleted: false })
            {
                if (IsBusy || Silence < silence) return true;
                _answer = Task.Run(AskAsync, CancellationToken.None);
            }

            answer = _answer;
        }

        return await answer.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> AskAsync()
    {
        // An existing shell responds in one round trip, even if the server allows only one channel.
        var lane = LaneOf(_lanes.Keys.DefaultIfEmpty(0).Min());
        // The lane has come into use meanwhile, so the connection is not idle.
        if (!await lane.Gate.WaitAsync(TimeSpan.Zero).ConfigureAwait(false)) return true;
        try
        {
            var result = await ProbeAsync(lane).WaitAsync(Limits.ProbeTimeout).ConfigureAwait(false);
            if (result.Failure is not null) return false;
            Interlocked.Exchange(ref _lastHeard, clock.GetTimestamp());
            return true;
        }
        catch (Exception failure) when (failure is TimeoutException or KamalException)
        {
            return false;
        }
    }

    private static async Task<ScriptResult> ProbeAsync(Lane lane)
    {
        try
        {
            return await lane.Scripts.RunAsync(new HostScript("Probe", []), new Silent(), CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            lane.Gate.Release();
        }
    }

    private Lane LaneOf(int number) => _lanes.GetOrAdd(number, _ => new Lane(new ScriptSession(connection, StartAsync, clock, leftovers)));

    /// <summary>Closes one lane's shell.</summary>
    /// <returns>False if no lane has a shell.</returns>
    private async Task<bool> MakeRoomAsync(CancellationToken cancellationToken)
    {
        var lanes = _lanes.Values.Prepend(_beside).Where(lane => lane.Scripts.HasShell).ToList();
        if ((lanes.Find(lane => lane.Gate.CurrentCount > 0) ?? lanes.FirstOrDefault()) is not { } chosen) return false;
        await chosen.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await chosen.Scripts.DisposeAsync().ConfigureAwait(false);
            return true;
        }
        finally
        {
            chosen.Gate.Release();
        }
    }

    private async Task<TResult> InLaneAsync<TResult>(
        int number, Func<ScriptSession, Task<TResult>> run, CancellationToken cancellationToken)
    {
        using var usage = Use();
        var lane = LaneOf(number);
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
        var now = clock.GetTimestamp();
        Interlocked.Exchange(ref _lastUsed, now);
        Interlocked.Exchange(ref _lastHeard, now);
        Interlocked.Decrement(ref _users);
    }

    private sealed class Lane(ScriptSession scripts)
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public ScriptSession Scripts => scripts;
    }

    private sealed class Usage(HostSession session) : IDisposable
    {
        private int _ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0) session.Release();
        }
    }

    private sealed class Silent : IRunSink
    {
        public void Emit(RunEvent runEvent)
        {
            // Probes are not reported.
        }
    }
}
