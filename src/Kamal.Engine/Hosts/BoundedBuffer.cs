using System.Text;

namespace Kamal.Engine.Hosts;

/// <summary>The output of one step. If it exceeds the limit, the end is kept, because that is where failures are explained.</summary>
/// <param name="limit">The number of bytes to keep.</param>
internal sealed class BoundedBuffer(int limit = BoundedBuffer.Limit)
{
    /// <summary>The default limit per step and stream, in bytes.</summary>
    public const int Limit = 4 * 1024 * 1024;

    /// <summary>The most bytes of a truncated first line to drop, so that the output starts with a whole line.</summary>
    private const int LongestHalf = 64 * 1024;

    private byte[] _bytes = new byte[1024];
    private int _length;
    private long _total;

    /// <summary>The limit per host when many hosts run at once, so that together they do not exhaust this machine's memory.</summary>
    public static int LimitFor(int hosts) => Math.Clamp(128 * 1024 * 1024 / Math.Max(1, hosts), 256 * 1024, Limit);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        _total += bytes.Length;
        if (_length + bytes.Length > 2 * limit && _length > limit)
        {
            _bytes.AsSpan(_length - limit, limit).CopyTo(_bytes);
            _length = limit;
        }

        if (_length + bytes.Length > _bytes.Length) Array.Resize(ref _bytes, Math.Max(_length + bytes.Length, _bytes.Length * 2));
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>Returns the text without final newlines, and empties the buffer.</summary>
    public string Take() => Take(out _);

    /// <summary>Returns the text without final newlines, and empties the buffer.</summary>
    /// <param name="omitted">The number of earlier bytes that were not kept.</param>
    public string Take(out long omitted)
    {
        var from = Math.Max(0, _length - limit);
        if (_total > limit)
        {
            // Drops a partial line or character at the start.
            if (_bytes.AsSpan(from, Math.Min(Math.Min(LongestHalf, limit / 2), _length - from))
                .IndexOf((byte)'\n') is >= 0 and var end) from += end + 1;
            while (from < _length && (_bytes[from] & 0xC0) == 0x80) from++;
        }

        omitted = _total - (_length - from);
        var text = Encoding.UTF8.GetString(_bytes, from, _length - from).TrimEnd('\n', '\r');
        (_length, _total) = (0, 0);
        return text;
    }
}
