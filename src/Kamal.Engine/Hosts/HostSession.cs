using Kamal.Engine.Events;

namespace Kamal.Engine.Hosts;

/// <summary>A connection and its script shell: one host's place in the pool. Scripts of one host run one after another.</summary>
internal sealed class HostSession : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly ScriptSession _scripts;

    public HostSession(IHostConnection connection)
    {
        Connection = connection;
        _scripts = new(connection);
    }

    public IHostConnection Connection { get; }

    public async Task<ScriptResult> RunAsync(HostScript script, IRunSink sink, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await _scripts.RunAsync(script, sink, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _scripts.DisposeAsync().ConfigureAwait(false);
        await Connection.DisposeAsync().ConfigureAwait(false);
        _gate.Dispose();
    }
}
