using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Kamal.Ssh.Wire;

/// <summary>Writes the data types of SSH (RFC 4251, section 5), one after another.</summary>
internal sealed class SshWriter
{
    private readonly ArrayBufferWriter<byte> _buffer;

    public SshWriter(int capacity = 256) => _buffer = new ArrayBufferWriter<byte>(capacity);

    public byte[] ToArray() => _buffer.WrittenSpan.ToArray();

    public SshWriter Byte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
        return this;
    }

    public SshWriter UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_buffer.GetSpan(4), value);
        _buffer.Advance(4);
        return this;
    }

    public SshWriter Raw(ReadOnlySpan<byte> value)
    {
        _buffer.Write(value);
        return this;
    }

    /// <summary>A <c>string</c>: a length and bytes.</summary>
    public SshWriter Bytes(ReadOnlySpan<byte> value) => UInt32((uint)value.Length).Raw(value);

    public SshWriter Text(string value) => Bytes(Encoding.UTF8.GetBytes(value));
}
