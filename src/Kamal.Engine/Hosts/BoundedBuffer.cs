using System.Text;

namespace Kamal.Engine.Hosts;

/// <summary>Output of one step, at most so many bytes: of a longer one the end is kept, since failures are explained there.</summary>
/// <param name="limit">How many bytes are kept.</param>
internal sealed class BoundedBuffer(int limit = BoundedBuffer.Limit)
{
    /// <summary>Bytes kept of one step's stream: 4 MiB.</summary>
    public const int Limit = 4 * 1024 * 1024;

    /// <summary>How much of a line that is cut through is given up for the sake of whole ones, in bytes.</summary>
    private const int LongestHalf = 64 * 1024;

    private byte[] _bytes = new byte[1024];
    private int _length;
    private long _total;

    /// <summary>What many hosts at once keep each, so that together they cannot exhaust this machine.</summary>
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

    /// <summary>The text so far, without final newlines, and empties the buffer.</summary>
    public string Take() => Take(out _);

    /// <summary>The text so far, without final newlines, and empties the buffer.</summary>
    /// <param name="omitted">How many bytes before it were not kept.</param>
    public string Take(out long omitted)
    {
        var from = Math.Max(0, _length - limit);
        if (_total > limit)
        {
            // Half a line, or half a character, would only mislead.
            if (_bytes.AsSpan(from, Math.Min(Math.Min(LongestHalf, limit / 2), _length - from)).IndexOf((byte)'\n') is >= 0 and var end) from += end + 1;
            while (from < _length && (_bytes[from] & 0xC0) == 0x80) from++;
        }

        omitted = _total - (_length - from);
        var text = Encoding.UTF8.GetString(_bytes, from, _length - from).TrimEnd('\n', '\r');
        (_length, _total) = (0, 0);
        return text;
    }
}
