using System.Security.Cryptography;
using System.Text;
using Kamal.Ssh.Config;
using Kamal.Ssh.Wire;

namespace Kamal.Ssh.HostKeys;

/// <summary>What a line of a known-hosts file says about its key.</summary>
internal enum KnownHostsMarker
{
    /// <summary>It is the host's key.</summary>
    None,

    /// <summary><c>@cert-authority</c>: it signs the certificates of those hosts.</summary>
    CertificateAuthority,

    /// <summary><c>@revoked</c>: it must never be accepted.</summary>
    Revoked,
}

/// <summary>One valid line of a known-hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT).</summary>
/// <param name="Hosts">Patterns separated by commas, or one hashed name <c>|1|SALT|HASH</c>.</param>
/// <param name="KeyType">The key's type, as <c>ssh-ed25519</c>.</param>
/// <param name="Marker">What the line says about the key.</param>
/// <param name="Line">The line's number, from 1.</param>
internal sealed record KnownHostsEntry(
    string Hosts, string KeyType, ReadOnlyMemory<byte> Key, KnownHostsMarker Marker, string File, int Line)
{
    private const string HashMagic = "|1|";

    // Every line is compared with every host.
    private readonly string _patterns = Hosts.ToLowerInvariant();
    private readonly bool _isLiteral = Hosts.AsSpan().IndexOfAny("*?!,") < 0;

    /// <summary>Whether the line is about a host.</summary>
    /// <param name="name">The host in lower case; <c>[host]:port</c> for a port other than 22.</param>
    public bool IsAbout(string name) =>
        Hosts.StartsWith('|') ? IsHashOf(name)
        : _isLiteral ? _patterns == name
        : Pattern.IsMatchInList(_patterns, name);

    /// <summary>The hashed form of a host's name: an HMAC-SHA1 under a random salt, as OpenSSH writes it.</summary>
    /// <param name="name">The host in lower case; <c>[host]:port</c> for a port other than 22.</param>
    /// <param name="salt">20 random bytes.</param>
    public static string Hash(string name, ReadOnlySpan<byte> salt) =>
        $"{HashMagic}{Convert.ToBase64String(salt)}|{Convert.ToBase64String(HashName(name, salt))}";

    /// <summary>Reads one line.</summary>
    /// <returns>The entry, or null for an empty line, a comment, or what OpenSSH ignores as well.</returns>
    public static KnownHostsEntry? Parse(string text, string file, int line)
    {
        var rest = text.AsSpan().TrimStart(" \t");
        if (rest.IsEmpty || rest[0] is '#' or '\r') return null;
        var marker = KnownHostsMarker.None;
        if (rest[0] == '@')
        {
            var word = Word(ref rest);
            if (word.SequenceEqual("@cert-authority")) marker = KnownHostsMarker.CertificateAuthority;
            else if (word.SequenceEqual("@revoked")) marker = KnownHostsMarker.Revoked;
            else return null;
        }

        var hosts = Word(ref rest).ToString();
        var type = Word(ref rest).ToString();
        var data = Word(ref rest);
        var key = new byte[data.Length];
        if (hosts.Length == 0 || !Convert.TryFromBase64Chars(data, key, out var length)) return null;
        return PublicKeyBlob.TypeOf(key.AsSpan(0, length)) == type
            ? new KnownHostsEntry(hosts, type, key.AsMemory(0, length), marker, file, line)
            : null;
    }

    private static ReadOnlySpan<char> Word(ref ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOfAny(" \t\r\n");
        if (end < 0) end = rest.Length;
        var word = rest[..end];
        rest = rest[end..].TrimStart(" \t");
        return word;
    }

    private static byte[] HashName(string name, ReadOnlySpan<byte> salt)
    {
#pragma warning disable CA5350 // The file format of OpenSSH prescribes HMAC-SHA1; it hides names and secures nothing.
        return HMACSHA1.HashData(salt, Encoding.UTF8.GetBytes(name));
#pragma warning restore CA5350
    }

    private bool IsHashOf(string name)
    {
        if (!Hosts.StartsWith(HashMagic, StringComparison.Ordinal)) return false;
        var middle = Hosts.IndexOf('|', HashMagic.Length);
        if (middle < 0) return false;
        Span<byte> salt = stackalloc byte[64], hash = stackalloc byte[64];
        return Convert.TryFromBase64Chars(Hosts.AsSpan(HashMagic.Length..middle), salt, out var saltLength)
            && Convert.TryFromBase64Chars(Hosts.AsSpan(middle + 1), hash, out var hashLength)
            && HashName(name, salt[..saltLength]).AsSpan().SequenceEqual(hash[..hashLength]);
    }
}
