using System.Net;
using System.Net.Sockets;

namespace Kamal.Engine.Tests.Support;

/// <summary>
/// Stands between a client and a server on this machine's loopback and counts turns: how often the client spoke after the
/// server had. On a long line each costs a round trip.
/// </summary>
internal sealed class TurnCounter : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly int _serverPort;
    private readonly Task _serving;
    private bool _clientSpoke;
    private int _turns;
    private int _connections;

    public TurnCounter(int serverPort)
    {
        _serverPort = serverPort;
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>The turns since it was asked last.</summary>
    public int Take()
    {
        lock (_lock)
        {
            var turns = _turns;
            _turns = 0;
            _clientSpoke = false;
            return turns;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving;
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        List<Task> relays = [];
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                relays.Add(RelayAsync(client));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(relays);
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        using (client)
        {
            using var server = new TcpClient { NoDelay = true };
            client.NoDelay = true;
            await server.ConnectAsync(IPAddress.Loopback, _serverPort);
            await Task.WhenAny(PumpAsync(client, server, isClient: true), PumpAsync(server, client, isClient: false));
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, bool isClient)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            int read;
            while ((read = await from.GetStream().ReadAsync(buffer, _stop.Token)) > 0)
            {
                Note(isClient);
                await to.GetStream().WriteAsync(buffer.AsMemory(0, read), _stop.Token);
            }
        }
        catch (Exception ended) when (
            ended is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // The connection is over, for both sides.
        }
    }

    private void Note(bool isClient)
    {
        lock (_lock)
        {
            if (isClient && !_clientSpoke) _turns++;
            _clientSpoke = isClient;
        }
    }
}
