using System.Globalization;
using Kamal.Ssh.Algorithms;
using Kamal.Ssh.Wire;

namespace Kamal.Ssh.Authentication;

/// <summary>A certificate of a user's key (PROTOCOL.certkeys of OpenSSH).</summary>
/// <param name="Key">The encoded key that it certifies.</param>
/// <param name="From">The start of its validity, in seconds since 1970.</param>
/// <param name="Until">The end of its validity, in seconds since 1970.</param>
internal sealed record UserCertificate(byte[] Blob, byte[] Key, ulong From, ulong Until)
{
    /// <summary>A remark if it is not valid now, else empty. It is offered all the same: the server's clock decides.</summary>
    public string Outdated
    {
        get
        {
            var now = (ulong)DateTimeOffset.UtcNow.ToUnixTimeSeconds();
            return now >= Until ? $", which expired on {Show(Until)}" : now < From ? $", which is not valid before {Show(From)}" : "";
        }
    }

    /// <summary>Reads a certificate; null if it is not one.</summary>
    public static UserCertificate? Read(byte[] certificate)
    {
        try
        {
            var reader = new SshReader(certificate);
            var type = reader.Text();
            var end = type.IndexOf(AlgorithmSelection.CertificateSuffix, StringComparison.Ordinal);
            if (end < 0) return null;
            var plainType = type[..end];
            reader.Bytes();
            var fields = plainType switch
            {
                "ssh-ed25519" => 1,
                "ssh-rsa" or "sk-ssh-ed25519" => 2,
                "sk-ecdsa-sha2-nistp256" => 3,
                _ when plainType.StartsWith("ecdsa-", StringComparison.Ordinal) => 2,
                _ => 0,
            };
            if (fields == 0) return null;
            var key = new SshWriter().Text(plainType.StartsWith("sk-", StringComparison.Ordinal) ? plainType + "@openssh.com" : plainType);
            for (; fields > 0; fields--) key.Bytes(reader.Bytes());
            reader.UInt64();
            reader.UInt32();
            reader.Bytes();
            reader.Bytes();
            return new(certificate, key.ToArray(), reader.UInt64(), reader.UInt64());
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string Show(ulong seconds) =>
        seconds > 253_402_300_799
            ? "never"
            : DateTimeOffset.FromUnixTimeSeconds((long)seconds).ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
