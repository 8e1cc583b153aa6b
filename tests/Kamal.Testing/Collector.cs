using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Kamal.Testing;

/// <summary>An OpenTelemetry collector on the loopback interface.</summary>
internal sealed class Collector : IDisposable
{
    private readonly HttpListener _listener = new();

    public Collector(HttpStatusCode answer = HttpStatusCode.OK)
    {
        Endpoint = $"http://127.0.0.1:{FreePort()}";
        _listener.Prefixes.Add(Endpoint + "/");
        _listener.Start();
        _ = ServeAsync(answer);
    }

    public string Endpoint { get; }

    public ConcurrentQueue<(string Path, string ContentType, JsonElement Body)> Requests { get; } = new();

    public ConcurrentQueue<(string Query, string? Authorization)> Headers { get; } = new();

    public IEnumerable<JsonElement> Records => Requests.SelectMany(request =>
        request.Body.GetProperty("resourceLogs")[0].GetProperty("scopeLogs")[0].GetProperty("logRecords").EnumerateArray());

    public static Dictionary<string, string> Attributes(JsonElement element) =>
        element.GetProperty("attributes").EnumerateArray().ToDictionary(
        attribute => attribute.GetProperty("key").GetString()!,
        attribute => attribute.GetProperty("value").EnumerateObject().Single().Value.ToString());

    public void Dispose() => _listener.Close();

    private async Task ServeAsync(HttpStatusCode answer)
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                using var body = await JsonDocument.ParseAsync(context.Request.InputStream);
                Requests.Enqueue((context.Request.Url!.AbsolutePath, context.Request.ContentType!, body.RootElement.Clone()));
                Headers.Enqueue((context.Request.Url!.Query, context.Request.Headers["Authorization"]));
                context.Response.StatusCode = (int)answer;
                context.Response.Close();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }
}
