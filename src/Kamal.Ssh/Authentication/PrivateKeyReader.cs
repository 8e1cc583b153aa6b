using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Kamal.Ssh.Wire;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.EdEC;
using Org.BouncyCastle.Asn1.Misc;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.Security;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Security;

namespace Kamal.Ssh.Authentication;

/// <summary>
/// Reads private keys as OpenSSH, OpenSSL and PuTTY write them. SSH.NET reads the formats of OpenSSH and PuTTY and the traditional
/// ones of OpenSSL; PKCS#8 (RFC 5958) is decrypted and taken apart here.
/// </summary>
internal static partial class PrivateKeyReader
{
    /// <summary>The most memory that scrypt may take, in bytes.</summary>
    private const long MaxScryptMemory = 256 * 1024 * 1024;

    private const int MaxScryptLanes = 16;

    /// <summary>Reads a key. A wrong passphrase may be any exception.</summary>
    /// <exception cref="SshPassPhraseNullOrEmptyException">It is encrypted, and there is no passphrase.</exception>
    /// <exception cref="NotSupportedException">It is a whole key, of a kind that cannot be used.</exception>
    public static PrivateKeyFile Read(string text, string? passphrase)
    {
        if (PuttyVersion().Match(text) is { Success: true } putty && putty.Groups[1].Value is not ("2" or "3"))
        {
            throw new NotSupportedException($"PuTTY key files of version {putty.Groups[1].Value} are not supported");
        }

        // Other blocks, such as EC PARAMETERS, and the text of other programs may come before the key.
        var pem = PemBlock().Match(text);
        return pem.Groups["label"].Value switch
        {
            "PRIVATE KEY" => FromPkcs8(PrivateKeyInfo.GetInstance(Convert.FromBase64String(pem.Groups["data"].Value))),
            "ENCRYPTED PRIVATE KEY" => FromPkcs8(Decrypt(Convert.FromBase64String(pem.Groups["data"].Value), passphrase)),
            _ => FromText(pem.Success ? pem.Value : text, passphrase),
        };
    }

    /// <summary>The public part of an encrypted key, which OpenSSH's and PuTTY's formats do not encrypt; null if there is none.</summary>
    public static byte[]? PublicPart(string text)
    {
        if (PuttyPublicLines().Match(text) is { Success: true } putty) return Convert.FromBase64String(putty.Groups[1].Value);
        if (PemBlock().Match(text) is not { Success: true } pem || pem.Groups["label"].Value != "OPENSSH PRIVATE KEY") return null;
        var data = Convert.FromBase64String(pem.Groups["data"].Value);
        var reader = new SshReader(data.AsSpan("openssh-key-v1\0"u8.Length));
        reader.Bytes();
        reader.Bytes();
        reader.Bytes();
        return reader.UInt32() == 1 ? reader.Bytes().ToArray() : null;
    }

    private static PrivateKeyFile FromText(string text, string? passphrase)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n").Trim() + "\n"));
        return new PrivateKeyFile(stream, passphrase);
    }

    private static PrivateKeyFile FromPkcs8(PrivateKeyInfo info)
    {
        var algorithm = info.PrivateKeyAlgorithm.Algorithm;
        if (algorithm.Equals(EdECObjectIdentifiers.id_Ed25519))
        {
            return new PrivateKeyFile(new ED25519Key(((Ed25519PrivateKeyParameters)PrivateKeyFactory.CreateKey(info)).GetEncoded()));
        }

        if (algorithm.Equals(X9ObjectIdentifiers.IdECPublicKey)) CheckCurve(info.PrivateKeyAlgorithm.Parameters);
        else if (!algorithm.Equals(PkcsObjectIdentifiers.RsaEncryption))
        {
            throw new NotSupportedException($"{Name(algorithm)} keys are not supported");
        }
        return FromText(PemEncoding.WriteString("PRIVATE KEY", info.GetDerEncoded()), null);
    }

    private static void CheckCurve(Asn1Encodable parameters)
    {
        if (parameters is not DerObjectIdentifier curve) throw new NotSupportedException("a curve without a name is not supported");
        if (curve.Equals(X9ObjectIdentifiers.Prime256v1) || curve.Id is "1.3.132.0.34" or "1.3.132.0.35") return;
        throw new NotSupportedException($"the curve {ECNamedCurveTable.GetName(curve) ?? curve.Id} is not supported");
    }

    private static string Name(DerObjectIdentifier algorithm) => algorithm.Id switch
    {
        "1.3.101.110" => "X25519",
        "1.3.101.111" => "X448",
        "1.3.101.113" => "Ed448",
        "1.2.840.10040.4.1" => "DSA",
        "1.2.840.113549.1.1.10" => "RSA-PSS",
        "1.2.840.113549.1.3.1" or "1.2.840.10046.2.1" => "Diffie-Hellman",
        var other => other,
    };

    private static PrivateKeyInfo Decrypt(byte[] data, string? passphrase)
    {
        if (string.IsNullOrEmpty(passphrase)) throw new SshPassPhraseNullOrEmptyException("The key is encrypted.");
        var encrypted = EncryptedPrivateKeyInfo.GetInstance(data);
        var scheme = encrypted.EncryptionAlgorithm.Algorithm.Equals(PkcsObjectIdentifiers.IdPbeS2)
            ? PbeS2Parameters.GetInstance(encrypted.EncryptionAlgorithm.Parameters)
            : null;
        return scheme?.KeyDerivationFunc.Algorithm.Equals(MiscObjectIdentifiers.id_scrypt) == true
            ? DecryptScrypt(encrypted, scheme, passphrase)
            : PrivateKeyInfoFactory.CreatePrivateKeyInfo(passphrase.ToCharArray(), encrypted);
    }

    /// <summary>PBES2 with scrypt (RFC 7914), which BouncyCastle's PBES2 does not support.</summary>
    private static PrivateKeyInfo DecryptScrypt(EncryptedPrivateKeyInfo encrypted, PbeS2Parameters scheme, string passphrase)
    {
        var scrypt = ScryptParams.GetInstance(scheme.KeyDerivationFunc.Parameters);
        var (cost, block) = (scrypt.CostParameter.IntValueExact, scrypt.BlockSize.IntValueExact);
        var parallel = scrypt.ParallelizationParameter.IntValueExact;
        if (128L * cost * block > MaxScryptMemory || parallel > MaxScryptLanes)
        {
            throw new NotSupportedException("its scrypt parameters are too large");
        }
        var cipher = scheme.EncryptionScheme.Algorithm;
        var size = cipher.Id switch
        {
            "2.16.840.1.101.3.4.1.2" => 16,
            "2.16.840.1.101.3.4.1.22" or "1.2.840.113549.3.7" => 24,
            "2.16.840.1.101.3.4.1.42" => 32,
            _ => throw new NotSupportedException($"the cipher {cipher.Id} is not supported"),
        };
        var key = SCrypt.Generate(Encoding.UTF8.GetBytes(passphrase), scrypt.Salt.GetOctets(), cost, block, parallel, size);
        var iv = Asn1OctetString.GetInstance(scheme.EncryptionScheme.Parameters).GetOctets();
        var engine = CipherUtilities.GetCipher(cipher);
        engine.Init(false, new ParametersWithIV(ParameterUtilities.CreateKeyParameter(cipher, key), iv));
        return PrivateKeyInfo.GetInstance(engine.DoFinal(encrypted.GetEncryptedData()));
    }

    [GeneratedRegex(
        @"-----BEGIN (?<label>(?:[A-Z0-9]+ )*PRIVATE KEY)-----(?<data>.*?)-----END \k<label>-----",
        RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex PemBlock();

    [GeneratedRegex(@"\A\s*PuTTY-User-Key-File-(\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex PuttyVersion();

    [GeneratedRegex(
        @"\A\s*PuTTY-User-Key-File-[23]:.*?^Public-Lines: \d+\s*$\s*(.*?)^(?:Key-Derivation|Private-Lines):",
        RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex PuttyPublicLines();
}
