using System.Collections.Concurrent;
using Kamal.Engine.Ssh;

namespace Kamal.Engine.Hosts;

/// <summary>Warm connections by target, kept for the next command of the session too. Safe for concurrent use; has no static state.</summary>
/// <param name="connector">Makes connections.</param>
public sealed class HostConnectionPool(IHostConnector connector) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<SshTarget, Lazy<Task<HostSession>>> _sessions = new();

    /// <summary>The session of a target: a warm one if it still stands, else a new one.</summary>
    internal async Task<HostSession> GetAsync(SshTarget target, IHostInteraction interaction, CancellationToken cancellationToken)
    {
        while (true)
        {
            var entry = _sessions.GetOrAdd(target, key => new Lazy<Task<HostSession>>(() => ConnectAsync(key, interaction, cancellationToken)));
            HostSession session;
            try
            {
                session = await entry.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception)
            {
                _sessions.TryRemove(new(target, entry));
                throw;
            }

            if (session.Connection.IsConnected) return session;
            if (_sessions.TryRemove(new(target, entry))) await session.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Closes all connections.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var target in _sessions.Keys) await DropAsync(target).ConfigureAwait(false);
    }

    /// <summary>Closes the connection to a target, if there is one.</summary>
    internal async Task DropAsync(SshTarget target)
    {
        if (!_sessions.TryRemove(target, out var entry) || !entry.IsValueCreated) return;
        try
        {
            var session = await entry.Value.ConfigureAwait(false);
            await session.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (error is KamalException or OperationCanceledException or IOException)
        {
            // It never stood; whoever wanted it was told.
            return;
        }
    }

    private async Task<HostSession> ConnectAsync(SshTarget target, IHostInteraction interaction, CancellationToken cancellationToken) =>
        new(await connector.ConnectAsync(target, interaction, cancellationToken).ConfigureAwait(false));
}
