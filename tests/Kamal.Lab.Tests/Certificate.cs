using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kamal.Lab.Tests;

/// <summary>An app with a certificate of its own.</summary>
internal static class Certificate
{
    /// <summary>YAML of the proxy section that uses it.</summary>
    public const string Configuration = "proxy: { host: shop.example.com, ssl: { certificate_pem: CERT, private_key_pem: KEY } }\n";

    /// <summary>A new certificate and its key, as lines of .kamal/secrets.</summary>
    public static string Secrets()
    {
        var (certificate, key) = Create();
        return $"CERT=\"{certificate}\"\nKEY=\"{key}\"";
    }

    /// <summary>A certificate and a key that belongs to another one.</summary>
    public static string MixedSecrets() => $"CERT=\"{Create().Certificate}\"\nKEY=\"{Create().Key}\"";

    private static (string Certificate, string Key) Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=shop.example.com", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("shop.example.com");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
