using System.Collections.Concurrent;
using Kamal.Engine.Results;

namespace Kamal.Engine.Hosts;

/// <summary>Open connections by target, reused by the session's next command. Safe for concurrent use; has no static state.</summary>
public sealed class HostConnectionPool : IAsyncDisposable
{
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromSeconds(3);
    private readonly ConcurrentDictionary<HostTarget, Lazy<Task<HostSession>>> _sessions = new();
    private readonly ConcurrentDictionary<HostTarget, Leftovers> _leftovers = new();
    private readonly IHostConnector _connector;
    private readonly TimeProvider _clock;
    private readonly ITimer _sweep;

    /// <summary>Creates an empty pool.</summary>
    /// <param name="clock">The clock; null for the system's.</param>
    public HostConnectionPool(IHostConnector connector, TimeProvider? clock = null)
    {
        _connector = connector;
        _clock = clock ?? TimeProvider.System;
        _sweep = _clock.CreateTimer(_ => _ = SweepAsync(), null, SweepPeriod, SweepPeriod);
    }

    /// <summary>The connections that are open or were when last used, ordered by host.</summary>
    public IReadOnlyList<KamalConnection> Connections =>
    [
        .. Standing().Select(item => new KamalConnection(item.Target.Name, item.Target.Address)
        {
            Jump = item.Target.Jump,
            IsConnected = item.Session.Connection.IsConnected,
            IsBusy = item.Session.IsBusy,
            ConnectedAt = item.Session.ConnectedAt,
            Idle = item.Session.Idle,
        }).OrderBy(connection => connection.HostName, StringComparer.Ordinal),
    ];

    /// <summary>Closes matching connections, even those in use.</summary>
    /// <param name="which">Whether to close a connection.</param>
    /// <returns>The hosts whose connections were closed.</returns>
    public async Task<IReadOnlyList<string>> CloseAsync(Func<KamalConnection, bool> which)
    {
        var chosen = Connections.Where(which).Select(connection => (connection.HostName, connection.Target)).ToHashSet();
        var targets = _sessions.Keys.Where(target => chosen.Contains((target.Name, target.Address))).ToList();
        await Task.WhenAll(targets.Select(DropAsync)).ConfigureAwait(false);
        return [.. targets.Select(target => target.Name).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>Closes all connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _sweep.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(_sessions.Keys.Select(DropAsync)).ConfigureAwait(false);
    }

    /// <summary>The session of a target: an open one that still responds, or a new one.</summary>
    /// <param name="interaction">Asks the operator questions while connecting.</param>
    /// <param name="limits">The run's limits.</param>
    /// <param name="starts">Limits the connections that are started at once.</param>
    internal async Task<HostSession> GetAsync(
        HostTarget target, IHostInteraction interaction, HostConnectionLimits limits, SemaphoreSlim starts,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            var isNew = false;
            var entry = _sessions.GetOrAdd(target, key => new Lazy<Task<HostSession>>(() =>
            {
                isNew = true;
                return ConnectAsync(key, interaction, starts, cancellationToken);
            }));
            HostSession session;
            try
            {
                session = await entry.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                // Retries if another caller's attempt was cancelled. Cancelling this call does not end a shared attempt.
                if (entry.Value.IsCompleted) _sessions.TryRemove(new(target, entry));
                if (failure is OperationCanceledException && !isNew && !cancellationToken.IsCancellationRequested) continue;
                throw;
            }

            session.Limits = limits;
            if (isNew) CloseOutdated(target);
            if (await session.IsAliveAsync(cancellationToken).ConfigureAwait(false)) return session;
            // Not awaited: a host that is gone does not respond to the close either.
            if (_sessions.TryRemove(new(target, entry))) _ = CloseAsync(session);
        }
    }

    /// <summary>Closes the connection to a target, if there is one.</summary>
    internal async Task DropAsync(HostTarget target)
    {
        if (!_sessions.TryRemove(target, out var entry) || !entry.IsValueCreated) return;
        try
        {
            var session = await entry.Value.ConfigureAwait(false);
            await CloseAsync(session).ConfigureAwait(false);
        }
        catch (Exception error) when (error is KamalException or OperationCanceledException or IOException)
        {
            // It was never established, and its caller got the error.
            return;
        }
    }

    /// <summary>Closes connections that have been idle for too long or no longer respond.</summary>
    internal Task SweepAsync() => Task.WhenAll(Standing().Select(async item =>
    {
        var (target, entry, session) = item;
        if (!HasExpired(session) && await IsWellAsync(target, session).ConfigureAwait(false)) return;
        if (_sessions.TryRemove(new(target, entry))) await CloseAsync(session).ConfigureAwait(false);
    }));

    private static bool HasExpired(HostSession session) =>
        session.Limits.IdleTimeout is var limit && limit >= TimeSpan.Zero && session.Idle > limit;

    /// <summary>
    /// Whether an idle connection can be kept. With <c>ServerAliveInterval 0</c> it is not probed, as that turns keep-alive
    /// messages off.
    /// </summary>
    private static async Task<bool> IsWellAsync(HostTarget target, HostSession session) =>
        !target.IsKeptAlive || !session.Connection.IsConnected || await session.WatchAsync().ConfigureAwait(false);

    /// <summary>Closes idle connections to the same host with another target, since its configuration has changed.</summary>
    private void CloseOutdated(HostTarget target)
    {
        foreach (var (other, _, session) in Standing())
        {
            if (other.Name == target.Name && !other.Equals(target) && !session.IsBusy) _ = DropAsync(other);
        }
    }

    private IEnumerable<(HostTarget Target, Lazy<Task<HostSession>> Entry, HostSession Session)> Standing()
    {
        foreach (var (target, entry) in _sessions)
        {
            if (entry is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true } task }) yield return (target, entry, task.Result);
        }
    }

    private static async Task CloseAsync(HostSession session)
    {
        try
        {
            await session.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (error is KamalException or IOException or ObjectDisposedException)
        {
            // A broken connection may fail again when it is closed.
            return;
        }
    }

    private async Task<HostSession> ConnectAsync(
        HostTarget target, IHostInteraction interaction, SemaphoreSlim starts, CancellationToken cancellationToken)
    {
        await starts.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var connection = await _connector.ConnectAsync(target, interaction, cancellationToken).ConfigureAwait(false);
            var leftovers = _leftovers.GetOrAdd(target, _ => new(_clock));
            await leftovers.EndAsync(connection).ConfigureAwait(false);
            return new(connection, _clock, leftovers);
        }
        finally
        {
            starts.Release();
        }
    }
}
