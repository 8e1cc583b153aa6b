using Kamal.Engine.Hosts;
using Kamal.Ssh;
using Kamal.Ssh.Channels;
using Kamal.Ssh.Connecting;

namespace Kamal.Adapters.Ssh;

/// <summary>A connection of Kamal.Ssh's as the engine's.</summary>
internal sealed class SshHostConnection(SshConnection connection) : IHostConnection
{
    public string HostName => connection.HostName;

    public bool IsConnected => connection.IsConnected;

    public TimeSpan? Silence => connection.Silence;

    public Task<IRemoteProcess> StartAsync(string command, CancellationToken cancellationToken) =>
        StartOnAsync(null, command, cancellationToken);

    public Task<IRemoteProcess> StartAsync(string command, PseudoTerminal terminal, CancellationToken cancellationToken) =>
        StartOnAsync(new(terminal.Type, terminal.Columns, terminal.Rows), command, cancellationToken);

    public Task<IAsyncDisposable> ForwardRemotePortAsync(
        int remotePort, string localHost, int localPort, CancellationToken cancellationToken) =>
        TranslateAsync(() => connection.ForwardRemotePortAsync(remotePort, localHost, localPort, cancellationToken));

    public Task<IHostListener> ListenAsync(Func<Stream, CancellationToken, Task> serve, CancellationToken cancellationToken) =>
        TranslateAsync<IHostListener>(
            async () => new Listener(await connection.ListenAsync(serve, cancellationToken).ConfigureAwait(false)));

    public IReadOnlyList<string> TakeWarnings() => connection.TakeWarnings();

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private Task<IRemoteProcess> StartOnAsync(SshTerminal? terminal, string command, CancellationToken cancellationToken) =>
        TranslateAsync<IRemoteProcess>(
            async () => new Process(await connection.StartAsync(command, terminal, cancellationToken).ConfigureAwait(false)));

    private static async Task<T> TranslateAsync<T>(Func<Task<T>> action)
    {
        try
        {
            return await action().ConfigureAwait(false);
        }
        catch (SshClientException failure)
        {
            throw SshErrors.Translate(failure);
        }
    }

    private sealed class Listener(SshConnection.SshListener listener) : IHostListener
    {
        public int Port => listener.Port;

        public ValueTask DisposeAsync() => listener.DisposeAsync();
    }

    private sealed class Process(SshProcess process) : IRemoteProcess
    {
        public Stream Input => process.Input;

        public Stream Output => process.Output;

        public Stream ErrorOutput => process.ErrorOutput;

        public Task<int?> Completion => process.Completion;

        public void Resize(int columns, int rows) => process.Resize(columns, rows);

        public ValueTask DisposeAsync() => process.DisposeAsync();
    }
}
