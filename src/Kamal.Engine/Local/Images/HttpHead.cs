using System.Globalization;
using System.Net;
using System.Text;

namespace Kamal.Engine.Local.Images;

/// <summary>The first part of an HTTP/1.1 request: what is wanted, and how.</summary>
internal sealed record HttpHead(string Method, string Target, bool KeepsAlive, IReadOnlyDictionary<string, string> Fields)
{
    /// <summary>The value of a header; null without it.</summary>
    public string? Field(string name) => Fields.GetValueOrDefault(name);
}

/// <summary>Reads requests from a connection, within limits.</summary>
internal sealed class HttpHeadReader(Stream stream)
{
    /// <summary>The most bytes that a request's head may have.</summary>
    public const int Limit = 16 * 1024;

    private const int FieldLimit = 64;

    private readonly byte[] _buffer = new byte[Limit];
    private int _count;

    /// <summary>Reads the next request.</summary>
    /// <returns>Null at the end of the connection.</returns>
    /// <exception cref="HttpRequestException">It is none that this server answers; its status says why.</exception>
    public async Task<HttpHead?> ReadAsync(CancellationToken cancellationToken)
    {
        for (var from = 0; ;)
        {
            // Such as a client that begins with TLS: it must not wait for the end of a head.
            if (_count > 0 && _buffer[0] is < (byte)'A' or > (byte)'Z') throw Bad("this is not HTTP");
            var end = _buffer.AsSpan(0, _count)[from..].IndexOf("\r\n\r\n"u8);
            if (end >= 0) return Take(from + end);
            if (_count == Limit) throw Refused("its head is too large", HttpStatusCode.RequestHeaderFieldsTooLarge);
            from = Math.Max(0, _count - 3);
            var read = await stream.ReadAsync(_buffer.AsMemory(_count), cancellationToken).ConfigureAwait(false);
            if (read == 0) return _count == 0 ? null : throw Bad("it is not complete");
            _count += read;
        }
    }

    private static HttpRequestException Bad(string why) => Refused(why, HttpStatusCode.BadRequest);

    private static HttpRequestException Refused(string why, HttpStatusCode status) => new(why, null, status);

    private HttpHead Take(int end)
    {
        var text = Encoding.Latin1.GetString(_buffer, 0, end);
        _count -= end + 4;
        Buffer.BlockCopy(_buffer, end + 4, _buffer, 0, _count);
        var lines = text.Split("\r\n");
        if (lines[0].Split(' ') is not [var method, ['/', ..] and var target, "HTTP/1.1" or "HTTP/1.0"] || text.Any(IsForbidden))
        {
            throw Bad("this is not a request");
        }

        if (lines.Length > FieldLimit + 1) throw Refused("it has too many headers", HttpStatusCode.RequestHeaderFieldsTooLarge);

        Dictionary<string, string> fields = new(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines.Skip(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1 || !line[..colon].All(mark => char.IsAsciiLetterOrDigit(mark) || mark is '-' or '_'))
            {
                throw Bad("a header is wrong");
            }

            fields[line[..colon]] = line[(colon + 1)..].Trim(' ', '\t');
        }

        // A body could hide another request, and nothing that is served takes one.
        if (fields.ContainsKey("Transfer-Encoding") || (fields.TryGetValue("Content-Length", out var size) && size != "0"))
        {
            throw Refused("it has a body", HttpStatusCode.RequestEntityTooLarge);
        }

        var keeps = lines[0].EndsWith("1.1", StringComparison.Ordinal)
            && fields.GetValueOrDefault("Connection")?.Contains("close", StringComparison.OrdinalIgnoreCase) != true;
        return new(method, target, keeps, fields);
    }

    private static bool IsForbidden(char mark) => char.IsControl(mark) && mark is not '\r' and not '\n' and not '\t';
}

/// <summary>The part of a content that a client asks for.</summary>
/// <param name="From">The first byte.</param>
/// <param name="Count">How many.</param>
internal readonly record struct HttpRange(long From, long Count)
{
    /// <summary>Reads a Range header.</summary>
    /// <returns>Null for the whole content, as without one range of bytes; a count of 0 if the content does not have it.</returns>
    public static HttpRange? Of(string? field, long size)
    {
        if (field is null || !field.StartsWith("bytes=", StringComparison.Ordinal)) return null;
        if (field["bytes=".Length..].Split('-') is not [var first, var last]) return null;
        if (first.Length == 0)
        {
            return Number(last) is { } suffix ? new(Math.Max(0, size - suffix), Math.Min(size, suffix)) : null;
        }

        if (Number(first) is not { } from) return null;
        if (last.Length == 0) return new(from, Math.Max(0, size - from));
        return Number(last) is { } to && to >= from ? new(from, Math.Max(0, Math.Min(size - 1, to) - from + 1)) : null;
    }

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
