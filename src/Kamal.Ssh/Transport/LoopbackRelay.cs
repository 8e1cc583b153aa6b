using System.Net;
using System.Net.Sockets;

namespace Kamal.Ssh.Transport;

/// <summary>
/// Connects a pair of streams to SSH.NET, which only connects to sockets: listens on the loopback interface for one
/// connection, and copies in both directions.
/// </summary>
internal sealed class LoopbackRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _relaying;

    /// <summary>Starts to listen.</summary>
    /// <param name="input">Gets what SSH.NET sends.</param>
    /// <param name="output">Gives what SSH.NET receives.</param>
    public LoopbackRelay(Stream input, Stream output)
    {
        _listener.Start(1);
        EndPoint = (IPEndPoint)_listener.LocalEndpoint;
        _relaying = RelayAsync(input, output);
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _listener.Dispose();
        await _relaying.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RelayAsync(Stream input, Stream output)
    {
        try
        {
            using var socket = await _listener.AcceptSocketAsync(_stop.Token).ConfigureAwait(false);
            _listener.Stop();
            socket.NoDelay = true;
            await using var network = new NetworkStream(socket);
            // SSH has no half-closed connections: either end closes both.
            await Task.WhenAny(PumpAsync(network, input), PumpAsync(output, network)).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // SSH.NET reports that its connection ended.
        }
    }

    private async Task PumpAsync(Stream from, Stream to)
    {
        var buffer = new byte[32 * 1024];
        int read;
        while ((read = await from.ReadAsync(buffer, _stop.Token).ConfigureAwait(false)) > 0)
        {
            await to.WriteAsync(buffer.AsMemory(0, read), _stop.Token).ConfigureAwait(false);
            await to.FlushAsync(_stop.Token).ConfigureAwait(false);
        }
    }
}
