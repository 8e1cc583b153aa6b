using System.Collections.Concurrent;
using Kamal.Engine.Events;

namespace Kamal.Engine.Hosts;

/// <summary>A connection and its script shells: one host's place in the pool.</summary>
/// <param name="leftovers">Gets the processes of stopped scripts that could not be ended over this connection.</param>
internal sealed class HostSession(IHostConnection connection, TimeProvider clock, Leftovers? leftovers = null) : IAsyncDisposable
{
    // Together a second, before a server that gives no session is believed.
    private const int RoomTries = 20;
    private static readonly TimeSpan RoomDelay = TimeSpan.FromMilliseconds(50);
    private readonly ConcurrentDictionary<int, Lane> _lanes = new();
    private readonly Lock _asking = new();
    private Task<bool>? _answer;
    private long _lastUsed = clock.GetTimestamp();
    private long _lastHeard = clock.GetTimestamp();
    private int _users;

    public IHostConnection Connection => connection;

    /// <summary>Since when it stands.</summary>
    public DateTimeOffset ConnectedAt { get; } = clock.GetUtcNow();

    /// <summary>Whether something runs on it, or a forwarding stands.</summary>
    public bool IsBusy => Volatile.Read(ref _users) > 0;

    /// <summary>How long it has had nothing to do.</summary>
    public TimeSpan Idle => IsBusy ? TimeSpan.Zero : clock.GetElapsedTime(Interlocked.Read(ref _lastUsed));

    /// <summary>The limits of the run that used it last.</summary>
    public HostConnectionLimits Limits { get; set; } = new();

    private TimeSpan Silence => clock.GetElapsedTime(Interlocked.Read(ref _lastHeard));

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
    /// Starts a command on a session of its own. Where the server allows no more of them (sshd's <c>MaxSessions</c>), a shell
    /// that waits for scripts makes room; one that runs a script is waited for.
    /// </summary>
    public Task<IRemoteProcess> StartAsync(string command, CancellationToken cancellationToken) =>
        StartAsync(() => connection.StartAsync(command, cancellationToken), cancellationToken);

    /// <summary>The same on a terminal.</summary>
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
    /// Whether the host still answers. A connection that said something just now is taken at its word; a silent one is asked, so
    /// that a script is never sent into the void: whether it ran could not be told then.
    /// </summary>
    public Task<bool> IsAliveAsync(CancellationToken cancellationToken) => IsAliveAsync(Limits.ProbeAfter, cancellationToken);

    /// <summary>Asks a connection that has been idle for a while, but not for long, before a command has to: the answer saves that a round trip.</summary>
    /// <returns>False if the host answers no more.</returns>
    public async Task<bool> WatchAsync() =>
        IsBusy || Idle > Limits.WatchFor || await IsAliveAsync(Limits.ProbeAfter / 2, CancellationToken.None).ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        // The connection first: shells on a dead one could not be ended politely.
        await connection.DisposeAsync().ConfigureAwait(false);
        foreach (var lane in _lanes.Values) await lane.Scripts.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<bool> IsAliveAsync(TimeSpan silence, CancellationToken cancellationToken)
    {
        if (!connection.IsConnected) return false;
        Task<bool> answer;
        lock (_asking)
        {
            // Whoever comes while it is being asked waits for the answer.
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
        // The shell that is there answers in one round trip, and where the server allows no second channel.
        var lane = LaneOf(_lanes.Keys.DefaultIfEmpty(0).Min());
        // Whoever holds it began to use the connection meanwhile.
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

    /// <summary>Ends one lane's shell.</summary>
    /// <returns>False if there is none.</returns>
    private async Task<bool> MakeRoomAsync(CancellationToken cancellationToken)
    {
        var lanes = _lanes.Values.Where(lane => lane.Scripts.HasShell).ToList();
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

    private async Task<TResult> InLaneAsync<TResult>(int number, Func<ScriptSession, Task<TResult>> run, CancellationToken cancellationToken)
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
            // A probe is nobody's step.
        }
    }
}
