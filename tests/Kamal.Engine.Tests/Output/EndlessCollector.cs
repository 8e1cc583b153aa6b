using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Kamal.Engine.Tests.Output;

/// <summary>A collector that refuses with escape sequences for a reason and an answer of 2 GiB, for as long as somebody takes it.</summary>
internal sealed class EndlessCollector : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private long _sent;

    public EndlessCollector()
    {
        _listener.Start();
        Endpoint = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _ = ServeAsync();
    }

    public string Endpoint { get; }

    public long Sent => Interlocked.Read(ref _sent);

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        try
        {
            using var client = await _listener.AcceptTcpClientAsync();
            await using var stream = client.GetStream();
            await stream.ReadAtLeastAsync(new byte[64], 1, throwOnEndOfStream: false);
            await stream.WriteAsync(
                Encoding.Latin1.GetBytes($"HTTP/1.1 503 \e]52;c;{new string('x', 3000)}\a\r\nContent-Length: {int.MaxValue}\r\n\r\n"));
            var block = new byte[64 * 1024];
            while (Sent < int.MaxValue)
            {
                await stream.WriteAsync(block);
                Interlocked.Add(ref _sent, block.Length);
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException)
        {
            return;
        }
    }
}
