using System.Collections.Concurrent;
using Kamal.Engine.Results;
using Kamal.Engine.Ssh;

namespace Kamal.Engine.Hosts;

/// <summary>Warm connections by target, kept for the next command of the session too. Safe for concurrent use; has no static state.</summary>
public sealed class HostConnectionPool : IAsyncDisposable
{
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromSeconds(3);
    private readonly ConcurrentDictionary<SshTarget, Lazy<Task<HostSession>>> _sessions = new();
    private readonly ConcurrentDictionary<SshTarget, Leftovers> _leftovers = new();
    private readonly IHostConnector _connector;
    private readonly TimeProvider _clock;
    private readonly ITimer _sweep;

    /// <summary>Creates an empty pool.</summary>
    /// <param name="clock">Tells the time; the system's, if null.</param>
    public HostConnectionPool(IHostConnector connector, TimeProvider? clock = null)
    {
        _connector = connector;
        _clock = clock ?? TimeProvider.System;
        _sweep = _clock.CreateTimer(_ => _ = SweepAsync(), null, SweepPeriod, SweepPeriod);
    }

    /// <summary>The connections that stand or did so when last used, by host.</summary>
    public IReadOnlyList<KamalConnection> Connections =>
    [
        .. Standing().Select(item => new KamalConnection(item.Target.Name, item.Target.ToString())
        {
            Jump = item.Target.Jump?.ToString(),
            IsConnected = item.Session.Connection.IsConnected,
            IsBusy = item.Session.IsBusy,
            ConnectedAt = item.Session.ConnectedAt,
            Idle = item.Session.Idle,
        }).OrderBy(connection => connection.HostName, StringComparer.Ordinal),
    ];

    /// <summary>Closes the connections to some hosts, whatever runs on them.</summary>
    /// <param name="which">Says of each connection whether it is closed.</param>
    /// <returns>The hosts whose connections were closed.</returns>
    public async Task<IReadOnlyList<string>> CloseAsync(Func<KamalConnection, bool> which)
    {
        var chosen = Connections.Where(which).Select(connection => (connection.HostName, connection.Target)).ToHashSet();
        var targets = _sessions.Keys.Where(target => chosen.Contains((target.Name, target.ToString()))).ToList();
        await Task.WhenAll(targets.Select(DropAsync)).ConfigureAwait(false);
        return [.. targets.Select(target => target.Name).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>Closes all connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _sweep.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(_sessions.Keys.Select(DropAsync)).ConfigureAwait(false);
    }

    /// <summary>The session of a target: a warm one that still answers, else a new one.</summary>
    /// <param name="interaction">Whom to ask while connecting.</param>
    /// <param name="limits">The run's limits.</param>
    /// <param name="starts">Holds as many places as connections may be made at once.</param>
    internal async Task<HostSession> GetAsync(
        SshTarget target, IHostInteraction interaction, HostConnectionLimits limits, SemaphoreSlim starts, CancellationToken cancellationToken)
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
                // Somebody else's cancelled attempt is not ours; our own impatience does not end the attempt.
                if (entry.Value.IsCompleted) _sessions.TryRemove(new(target, entry));
                if (failure is OperationCanceledException && !isNew && !cancellationToken.IsCancellationRequested) continue;
                throw;
            }

            session.Limits = limits;
            if (isNew) CloseOutdated(target);
            if (await session.IsAliveAsync(cancellationToken).ConfigureAwait(false)) return session;
            // Not waited for: a host that is gone answers no good-bye.
            if (_sessions.TryRemove(new(target, entry))) _ = CloseAsync(session);
        }
    }

    /// <summary>Closes the connection to a target, if there is one.</summary>
    internal async Task DropAsync(SshTarget target)
    {
        if (!_sessions.TryRemove(target, out var entry) || !entry.IsValueCreated) return;
        try
        {
            var session = await entry.Value.ConfigureAwait(false);
            await CloseAsync(session).ConfigureAwait(false);
        }
        catch (Exception error) when (error is KamalException or OperationCanceledException or IOException)
        {
            // It never stood; whoever wanted it was told.
            return;
        }
    }

    /// <summary>Closes what has been idle for too long or answers no more.</summary>
    internal Task SweepAsync() => Task.WhenAll(Standing().Select(async item =>
    {
        var (target, entry, session) = item;
        if (!HasExpired(session) && await IsWellAsync(target, session).ConfigureAwait(false)) return;
        if (_sessions.TryRemove(new(target, entry))) await CloseAsync(session).ConfigureAwait(false);
    }));

    private static bool HasExpired(HostSession session) => session.Limits.IdleTimeout is var limit && limit >= TimeSpan.Zero && session.Idle > limit;

    /// <summary>Whether nothing speaks against an idle connection. Who wants no keep-alive messages (<c>ServerAliveInterval 0</c>) wants no questions either.</summary>
    private static async Task<bool> IsWellAsync(SshTarget target, HostSession session) =>
        target.KeepAliveInterval <= TimeSpan.Zero || !session.Connection.IsConnected || await session.WatchAsync().ConfigureAwait(false);

    /// <summary>Closes idle connections to the same host by another way: its configuration has changed.</summary>
    private void CloseOutdated(SshTarget target)
    {
        foreach (var (other, _, session) in Standing())
        {
            if (other.Name == target.Name && !other.Equals(target) && !session.IsBusy) _ = DropAsync(other);
        }
    }

    private IEnumerable<(SshTarget Target, Lazy<Task<HostSession>> Entry, HostSession Session)> Standing()
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
            // A connection that is closed because it broke may say so once more.
            return;
        }
    }

    private async Task<HostSession> ConnectAsync(SshTarget target, IHostInteraction interaction, SemaphoreSlim starts, CancellationToken cancellationToken)
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
