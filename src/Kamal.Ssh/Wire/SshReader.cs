using System.Buffers.Binary;
using System.Text;

namespace Kamal.Ssh.Wire;

/// <summary>Reads the data types of SSH (RFC 4251, section 5); what is cut short or too long is an <see cref="IOException"/>.</summary>
internal ref struct SshReader(ReadOnlySpan<byte> data)
{
    private ReadOnlySpan<byte> _rest = data;

    public uint UInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64BigEndian(Take(8));

    public ReadOnlySpan<byte> Bytes()
    {
        var length = UInt32();
        if (length > (uint)_rest.Length) throw new IOException("A message is shorter than it says.");
        return Take((int)length);
    }

    public string Text() => Encoding.UTF8.GetString(Bytes());

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length) throw new IOException("A message is shorter than it says.");
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
