using System.Collections.Concurrent;
using Kamal.Engine.Events;

namespace Kamal.Engine.Hosts;

/// <summary>A connection and its script shells: one host's place in the pool.</summary>
internal sealed class HostSession(IHostConnection connection) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<int, Lane> _lanes = new();

    public IHostConnection Connection => connection;

    public async Task<ScriptResult> RunAsync(HostScript script, IRunSink sink, CancellationToken cancellationToken)
    {
        var lane = _lanes.GetOrAdd(script.Lane, _ => new Lane(connection));
        await lane.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await lane.Scripts.RunAsync(script, sink, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lane.Gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var lane in _lanes.Values)
        {
            await lane.Scripts.DisposeAsync().ConfigureAwait(false);
            lane.Gate.Dispose();
        }

        await connection.DisposeAsync().ConfigureAwait(false);
    }

    private sealed class Lane(IHostConnection connection)
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public ScriptSession Scripts { get; } = new(connection);
    }
}
