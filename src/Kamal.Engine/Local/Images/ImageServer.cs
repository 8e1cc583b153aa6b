using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Kamal.Engine.Local.Images;

/// <summary>
/// Serves one image and its parts to one host as a read-only registry (OCI's distribution specification), to clients with the password.
/// It answers on connections that it is given, and has no socket.
/// </summary>
/// <param name="store">Where the image is.</param>
/// <param name="image">The image.</param>
/// <param name="parts">Its parts.</param>
/// <param name="name">The name of its repository.</param>
/// <param name="password">What a client must know, as other accounts of the host reach the port too.</param>
internal sealed class ImageServer(
    ImageStore store, StoredImage image, IReadOnlyList<StoredImage> parts, string name, string password)
{
    /// <summary>The user name of the password.</summary>
    public const string User = "kamal";

    /// <summary>Docker's engine uses at most a handful.</summary>
    private const int ConnectionLimit = 32;

    private const int PieceSize = 64 * 1024;

    private static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(2);

    private readonly byte[] _authorization =
        Encoding.ASCII.GetBytes("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{password}")));

    private readonly Dictionary<string, StoredBlob> _blobs =
        parts.Append(image).SelectMany(one => one.Layers.Append(one.Config)).DistinctBy(blob => blob.Digest)
            .ToDictionary(blob => blob.Digest, StringComparer.Ordinal);

    private readonly Dictionary<string, StoredBlob> _manifests =
        parts.Append(image).Select(one => one.Manifest).DistinctBy(blob => blob.Digest)
            .ToDictionary(blob => blob.Digest, StringComparer.Ordinal);

    private int _connections;
    private long _sent;

    /// <summary>How many bytes of the image were sent.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Called with <see cref="Sent"/> whenever it has grown; from any thread.</summary>
    public Action<long>? Progress { get; init; }

    /// <summary>Serves a connection until its end.</summary>
    public async Task ServeAsync(Stream connection, CancellationToken cancellationToken)
    {
        try
        {
            if (Interlocked.Increment(ref _connections) > ConnectionLimit) return;
            var reader = new HttpHeadReader(connection);
            while (await NextAsync(reader, connection, cancellationToken).ConfigureAwait(false) is { } head)
            {
                await AnswerAsync(head, connection, cancellationToken).ConfigureAwait(false);
                if (!head.KeepsAlive) return;
            }
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    }

    private static async Task<HttpHead?> NextAsync(HttpHeadReader reader, Stream connection, CancellationToken cancellationToken)
    {
        using var idle = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        idle.CancelAfter(IdleTime);
        try
        {
            return await reader.ReadAsync(idle.Token).ConfigureAwait(false);
        }
        catch (HttpRequestException refused)
        {
            await WriteAsync(connection, new(refused.StatusCode ?? HttpStatusCode.BadRequest), isLast: true, cancellationToken)
                .ConfigureAwait(false);
            return null;
        }
    }

    private async Task AnswerAsync(HttpHead head, Stream connection, CancellationToken cancellationToken)
    {
        var isHead = head.Method == "HEAD";
        Task Refuse(HttpStatusCode status, string code, params string[] fields) =>
            WriteAsync(connection, Reply.Error(status, code, fields) with { HasNoBody = isHead }, !head.KeepsAlive, cancellationToken);

        if (!isHead && head.Method != "GET")
        {
            await Refuse(HttpStatusCode.MethodNotAllowed, "UNSUPPORTED", "Allow: GET, HEAD").ConfigureAwait(false);
            return;
        }

        if (!CryptographicOperations.FixedTimeEquals(_authorization, Encoding.Latin1.GetBytes(head.Field("Authorization") ?? "")))
        {
            await Refuse(HttpStatusCode.Unauthorized, "UNAUTHORIZED", "WWW-Authenticate: Basic realm=\"kamal\"").ConfigureAwait(false);
            return;
        }

        if (head.Target.Split('?')[0] is "/v2/" or "/v2")
        {
            await WriteAsync(connection, new(HttpStatusCode.OK) { Body = "{}", HasNoBody = isHead }, !head.KeepsAlive, cancellationToken)
                .ConfigureAwait(false);
        }
        else if (Find(head.Target) is { } blob && store.Open(blob) is { } content)
        {
            await using (content.ConfigureAwait(false))
            {
                await SendAsync(head, blob, content, connection, cancellationToken).ConfigureAwait(false);
            }
        }
        else await Refuse(HttpStatusCode.NotFound, "NAME_UNKNOWN").ConfigureAwait(false);
    }

    /// <summary>What a path names: only what the image has, so that no path of a request ever becomes one of a file.</summary>
    private StoredBlob? Find(string target)
    {
        var path = target.Split('?')[0];
        var root = $"/v2/{name}/";
        if (!path.StartsWith(root, StringComparison.Ordinal)) return null;
        return path[root.Length..].Split('/') switch
        {
            ["manifests", var reference] => _manifests.GetValueOrDefault(reference),
            ["blobs", var digest] => _blobs.GetValueOrDefault(digest),
            _ => null,
        };
    }

    private async Task SendAsync(
        HttpHead head, StoredBlob blob, FileStream content, Stream connection, CancellationToken cancellationToken)
    {
        var range = HttpRange.Of(head.Field("Range"), blob.Size);
        if (range is { Count: 0 })
        {
            await WriteAsync(connection, new(HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                Fields = [string.Create(CultureInfo.InvariantCulture, $"Content-Range: bytes */{blob.Size}")],
            }, !head.KeepsAlive, cancellationToken).ConfigureAwait(false);
            return;
        }

        var part = range ?? new HttpRange(0, blob.Size);
        var reply = new Reply(range is null ? HttpStatusCode.OK : HttpStatusCode.PartialContent)
        {
            Length = part.Count,
            Fields =
            [
                $"Content-Type: {blob.MediaType}", $"Docker-Content-Digest: {blob.Digest}", $"ETag: \"{blob.Digest}\"",
                "Accept-Ranges: bytes",
                .. range is null ? Array.Empty<string>() : [string.Create(
                    CultureInfo.InvariantCulture, $"Content-Range: bytes {part.From}-{part.From + part.Count - 1}/{blob.Size}")],
            ],
        };
        await WriteAsync(connection, reply, !head.KeepsAlive, cancellationToken).ConfigureAwait(false);
        if (head.Method == "HEAD") return;
        content.Position = part.From;
        var piece = new byte[PieceSize];
        for (var left = part.Count; left > 0;)
        {
            var read = await content.ReadAsync(piece.AsMemory(0, (int)Math.Min(left, PieceSize)), cancellationToken).ConfigureAwait(false);
            if (read == 0) throw new EndOfStreamException();
            await connection.WriteAsync(piece.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            left -= read;
            Progress?.Invoke(Interlocked.Add(ref _sent, read));
        }
    }

    private static async Task WriteAsync(Stream connection, Reply reply, bool isLast, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {(int)reply.Status} {reply.Status}\r\n");
        text.Append("Docker-Distribution-Api-Version: registry/2.0\r\n");
        foreach (var field in reply.Fields) text.Append(field).Append("\r\n");
        text.Append(CultureInfo.InvariantCulture, $"Content-Length: {reply.Length ?? reply.Body.Length}\r\n");
        text.Append(isLast ? "Connection: close\r\n\r\n" : "\r\n");
        if (!reply.HasNoBody) text.Append(reply.Body);
        await connection.WriteAsync(Encoding.ASCII.GetBytes(text.ToString()), cancellationToken).ConfigureAwait(false);
        await connection.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private sealed record Reply(HttpStatusCode Status)
    {
        public string Body { get; init; } = "";

        /// <summary>The length of a body that follows by itself.</summary>
        public long? Length { get; init; }

        /// <summary>Whether the body is not sent, but its length is told, as HEAD wants it.</summary>
        public bool HasNoBody { get; init; }

        public IReadOnlyList<string> Fields { get; init; } = [];

        public static Reply Error(HttpStatusCode status, string code, string[] fields) => new(status)
        {
            Body = $$"""{"errors":[{"code":"{{code}}","message":"{{status}}"}]}""",
            Fields = ["Content-Type: application/json", .. fields],
        };
    }
}
