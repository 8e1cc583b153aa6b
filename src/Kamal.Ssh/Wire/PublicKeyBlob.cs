using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Kamal.Ssh.Wire;

/// <summary>Public keys as they go over the wire (RFC 4253, 6.6; PROTOCOL.u2f of OpenSSH).</summary>
internal static class PublicKeyBlob
{
    /// <summary>The key type that an encoded key names, or null if it is not a key.</summary>
    public static string? TypeOf(ReadOnlySpan<byte> key)
    {
        if (key.Length < 5) return null;
        var length = BinaryPrimitives.ReadUInt32BigEndian(key);
        return length > 0 && length < key.Length - 4 && length < 100 ? Encoding.ASCII.GetString(key.Slice(4, (int)length)) : null;
    }

    /// <summary>Whether it is a whole key of a type that OpenSSH knows.</summary>
    public static bool IsKnown(ReadOnlySpan<byte> key)
    {
        var type = TypeOf(key);
        var fields = type switch
        {
            "ssh-ed25519" => 1,
            "ssh-rsa" or "sk-ssh-ed25519@openssh.com" or "ecdsa-sha2-nistp256" or "ecdsa-sha2-nistp384" or "ecdsa-sha2-nistp521" => 2,
            "sk-ecdsa-sha2-nistp256@openssh.com" => 3,
            "ssh-dss" => 4,
            _ => 0,
        };
        if (fields == 0) return false;
        var rest = key[(4 + type!.Length)..];
        for (; fields > 0; fields--)
        {
            if (rest.Length < 4) return false;
            var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length == 0 || length > rest.Length - 4 || (type == "ssh-ed25519" && length != 32)) return false;
            rest = rest[(4 + (int)length)..];
        }

        return rest.IsEmpty;
    }

    /// <summary>The fingerprint of a key, as <c>SHA256:…</c>.</summary>
    public static string Fingerprint(ReadOnlySpan<byte> key) => "SHA256:" + Convert.ToBase64String(SHA256.HashData(key)).TrimEnd('=');

    /// <summary>The key of a line <c>TYPE BASE64 COMMENT</c>, or null if there is none.</summary>
    /// <param name="line">The line of a <c>.pub</c> file.</param>
    public static byte[]? ReadLine(string line)
    {
        var words = line.Split((char[]?)null, 3, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 2) return null;
        var blob = new byte[words[1].Length];
        return Convert.TryFromBase64String(words[1], blob, out var length) && length > 4 ? blob[..length] : null;
    }
}
