using System.Globalization;
using Kamal.Ssh.Algorithms;
using Kamal.Ssh.Wire;

namespace Kamal.Ssh.Authentication;

/// <summary>A certificate of a user's key (PROTOCOL.certkeys of OpenSSH).</summary>
/// <param name="Blob">The certificate as it goes over the wire.</param>
/// <param name="Key">The plain key that it is for.</param>
/// <param name="From">From when it counts, in seconds since 1970.</param>
/// <param name="Until">Until when it counts, in seconds since 1970.</param>
internal sealed record UserCertificate(byte[] Blob, byte[] Key, ulong From, ulong Until)
{
    /// <summary>A remark if it does not count now; else empty. What is done about it is the server's business: its clock counts.</summary>
    public string Outdated
    {
        get
        {
            var now = (ulong)DateTimeOffset.UtcNow.ToUnixTimeSeconds();
            return now >= Until ? $", which expired on {Show(Until)}" : now < From ? $", which counts only from {Show(From)} on" : "";
        }
    }

    /// <summary>Reads a certificate; null if it is none.</summary>
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
        seconds > 253_402_300_799 ? "no day" : DateTimeOffset.FromUnixTimeSeconds((long)seconds).ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
