using System.Collections.Immutable;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Kamal.Engine.Operations;

/// <summary>
/// A certificate with its private key, checked on this machine as kamal-proxy will load them: a proxy that cannot load one app's pair at
/// its start serves no app at all.
/// </summary>
internal sealed class CertificatePair
{
    private const int FolderLength = 16;
    private const string Ed25519 = "1.3.101.112";
    private readonly ImmutableArray<X509Certificate2> _chain;

    private CertificatePair(string certificate, string key, ImmutableArray<X509Certificate2> chain)
    {
        Certificate = certificate;
        Key = key;
        _chain = chain;
        Folder = chain.IsEmpty ? "HASH"
            : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(certificate + "\0" + key)))[..FolderLength];
    }

    /// <summary>What stands for a pair in a preview, which reads no secrets.</summary>
    public static CertificatePair Unknown { get; } = new("", "", []);

    /// <summary>The certificate and its chain in PEM.</summary>
    public string Certificate { get; }

    /// <summary>The private key in PEM.</summary>
    public string Key { get; }

    /// <summary>The name of the folder on hosts that holds this pair and no other: a hash of both.</summary>
    public string Folder { get; }

    /// <summary>Whether a folder's name is that of a pair.</summary>
    public static bool IsFolder(string name) => name.Length == FolderLength && name.All(char.IsAsciiHexDigitLower);

    /// <summary>Reads a pair.</summary>
    /// <param name="certificate">The certificate and its chain in PEM, the certificate itself first.</param>
    /// <param name="key">Its private key in PEM, without a passphrase.</param>
    /// <exception cref="FormatException">The proxy could not load them; the message completes a sentence that begins with the pair's
    /// place.</exception>
    public static CertificatePair Read(string certificate, string key)
    {
        var chain = ReadChain(certificate);
        var keyInfo = ReadKey(key);
        if (Matches(chain[0], keyInfo)) return new(certificate, key, chain);
        throw new FormatException(chain.Skip(1).Any(other => Matches(other, keyInfo))
            ? "the private key belongs to a later certificate of the chain; the server's own certificate must come first"
            : $"the private key does not belong to the certificate ({chain[0].Subject})");
    }

    /// <summary>What does not keep the proxy from loading it, but clients from trusting it.</summary>
    /// <param name="hosts">The names that it is to be served for.</param>
    /// <param name="now">The time.</param>
    public IEnumerable<string> Warnings(IEnumerable<string> hosts, DateTimeOffset now)
    {
        var own = _chain[0];
        if (now > own.NotAfter) yield return $"it expired on {Day(own.NotAfter)}";
        if (now < own.NotBefore) yield return $"it is not valid before {Day(own.NotBefore)}";
        foreach (var host in hosts.Where(host => !own.MatchesHostname(host))) yield return $"it does not cover {host}";
        for (var i = 1; i < _chain.Length; i++)
        {
            if (!_chain[i - 1].IssuerName.RawData.AsSpan().SequenceEqual(_chain[i].SubjectName.RawData))
            {
                yield return $"its chain is out of order: {_chain[i].Subject} did not issue the certificate before it";
            }

            if (now > _chain[i].NotAfter) yield return $"{_chain[i].Subject} of its chain expired on {Day(_chain[i].NotAfter)}";
        }
    }

    private static string Day(DateTime time) => time.ToUniversalTime()
        .ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static ImmutableArray<X509Certificate2> ReadChain(string text)
    {
        var chain = ImmutableArray.CreateBuilder<X509Certificate2>();
        foreach (var (_, content) in Blocks(text).Where(block => block.Label == "CERTIFICATE"))
        {
            try
            {
                chain.Add(X509CertificateLoader.LoadCertificate(content));
            }
            catch (CryptographicException)
            {
                throw new FormatException($"certificate {chain.Count + 1} is damaged: its PEM block holds no certificate");
            }
        }

        return chain.Count > 0
            ? chain.ToImmutable()
            : throw new FormatException("the certificate has no PEM block that begins with -----BEGIN CERTIFICATE-----" + Hint(text));
    }

    /// <summary>
    /// The public half of a private key, as a SubjectPublicKeyInfo; null if only the algorithm is known, as of an Ed25519 key.
    /// </summary>
    private static (string Algorithm, byte[]? PublicKey) ReadKey(string text)
    {
        var (label, content) = Blocks(text).FirstOrDefault(block => block.Label.EndsWith("PRIVATE KEY", StringComparison.Ordinal));
        if (label is null)
        {
            throw new FormatException("the private key has no PEM block that begins with -----BEGIN PRIVATE KEY-----" + Hint(text));
        }
        if (label == "ENCRYPTED PRIVATE KEY" || text.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal))
        {
            throw new FormatException("the private key is encrypted with a passphrase, which the proxy cannot ask for");
        }

        try
        {
            var algorithm = label switch
            {
                "RSA PRIVATE KEY" => Oids.Rsa,
                "EC PRIVATE KEY" => Oids.EllipticCurve,
                _ => PrivateKeyAlgorithm(content),
            };
            switch (algorithm)
            {
                case Oids.Rsa:
                    using (var rsa = RSA.Create())
                    {
                        if (label == "RSA PRIVATE KEY") rsa.ImportRSAPrivateKey(content, out _);
                        else rsa.ImportPkcs8PrivateKey(content, out _);
                        return (algorithm, rsa.ExportSubjectPublicKeyInfo());
                    }

                case Oids.EllipticCurve:
                    return (algorithm, EllipticCurveKey.PublicKey(content, isPkcs8: label != "EC PRIVATE KEY"));
                case Ed25519:
                    return (algorithm, null);
                default:
                    throw new FormatException("the private key is of a kind that the proxy does not know; it takes RSA, ECDSA and Ed25519");
            }
        }
        catch (Exception damaged) when (damaged is CryptographicException or AsnContentException)
        {
            throw new FormatException("the private key is damaged: its PEM block holds no key");
        }
    }

    private static bool Matches(X509Certificate2 certificate, (string Algorithm, byte[]? PublicKey) key) =>
        certificate.PublicKey.Oid.Value == key.Algorithm
        && (key.PublicKey is null || certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.PublicKey));

    private static string PrivateKeyAlgorithm(byte[] pkcs8)
    {
        var info = new AsnReader(pkcs8, AsnEncodingRules.BER).ReadSequence();
        info.ReadInteger();
        return info.ReadSequence().ReadObjectIdentifier();
    }

    /// <summary>The PEM blocks that Go's decoder finds: their first line begins at a line's start.</summary>
    private static IEnumerable<(string Label, byte[] Content)> Blocks(string text)
    {
        const string begin = "-----BEGIN ";
        for (var at = 0; ;)
        {
            at = text.IndexOf(begin, at, StringComparison.Ordinal);
            if (at < 0) yield break;
            var lineStart = at == 0 || text[at - 1] == '\n';
            // Headers of an encrypted key stand between its first line and its content.
            if (lineStart && EncryptedLabel(text, at) is { } encrypted)
            {
                yield return (encrypted, []);
                yield break;
            }

            if (lineStart && PemEncoding.TryFind(text.AsSpan(at), out var fields) && fields.Location.Start.Value == 0)
            {
                yield return (text[at..][fields.Label], Convert.FromBase64String(text[at..][fields.Base64Data]));
                at += fields.Location.End.Value;
            }
            else
            {
                at += begin.Length;
            }
        }
    }

    private static string? EncryptedLabel(string text, int at)
    {
        var lines = text[at..].Split('\n', 3);
        return lines.Length == 3 && lines[1].StartsWith("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal)
            ? lines[0].Trim().Trim('-')["BEGIN ".Length..]
            : null;
    }

    private static string Hint(string text) =>
        text.Contains("\\n", StringComparison.Ordinal) ? "; it holds \\n in place of line breaks"
        : text.Contains("-----BEGIN ", StringComparison.Ordinal) ? "; it is cut off, or its lines are indented"
        : "";

    private static class Oids
    {
        public const string Rsa = "1.2.840.113549.1.1.1";
        public const string EllipticCurve = "1.2.840.10045.2.1";
    }
}
