using System.Net;
using System.Net.Sockets;

namespace Kamal.Ssh.Transport;

/// <summary>
/// Hands a pair of streams to SSH.NET, which connects to sockets only: listens on this machine's loopback for one
/// connection, and passes its bytes on.
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
        await _stop.CancelAsync();
        _listener.Dispose();
        await _relaying;
        _stop.Dispose();
    }

    private async Task RelayAsync(Stream input, Stream output)
    {
        try
        {
            using var socket = await _listener.AcceptSocketAsync(_stop.Token);
            _listener.Stop();
            socket.NoDelay = true;
            await using var network = new NetworkStream(socket);
            // Either end is the end of the connection: SSH knows no half of one.
            await Task.WhenAny(PumpAsync(network, input), PumpAsync(output, network));
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // SSH.NET sees its connection end and says so; there is nobody else to tell.
        }
    }

    private async Task PumpAsync(Stream from, Stream to)
    {
        var buffer = new byte[32 * 1024];
        int read;
        while ((read = await from.ReadAsync(buffer, _stop.Token)) > 0)
        {
            await to.WriteAsync(buffer.AsMemory(0, read), _stop.Token);
            await to.FlushAsync(_stop.Token);
        }
    }
}
