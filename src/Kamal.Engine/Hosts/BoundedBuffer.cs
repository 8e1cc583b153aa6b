using System.Text;

namespace Kamal.Engine.Hosts;

/// <summary>Output of one step, at most <see cref="Limit"/> bytes: of a longer one the end is kept, since failures are explained there.</summary>
internal sealed class BoundedBuffer
{
    /// <summary>Bytes kept of one step's stream: 4 MiB, so that 200 hosts cannot exhaust this machine.</summary>
    public const int Limit = 4 * 1024 * 1024;

    private byte[] _bytes = new byte[1024];
    private int _length;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_length + bytes.Length > 2 * Limit && _length > Limit)
        {
            _bytes.AsSpan(_length - Limit, Limit).CopyTo(_bytes);
            _length = Limit;
        }

        if (_length + bytes.Length > _bytes.Length) Array.Resize(ref _bytes, Math.Max(_length + bytes.Length, _bytes.Length * 2));
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>The text so far, without final newlines, and empties the buffer.</summary>
    public string Take()
    {
        var from = Math.Max(0, _length - Limit);
        var text = Encoding.UTF8.GetString(_bytes, from, _length - from).TrimEnd('\n', '\r');
        _length = 0;
        return text;
    }
}
