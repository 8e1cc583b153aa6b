using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kamal.Engine.Tests.Support;

/// <summary>Certificates with their keys in PEM, made anew: no key lies in the repository.</summary>
internal static class TestCertificates
{
    /// <summary>A certificate that signs itself.</summary>
    public static (string Certificate, string Key) Create(string host = "app.example.com", int fromDays = -1, int untilDays = 30)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Request(host, key)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(fromDays), DateTimeOffset.UtcNow.AddDays(untilDays));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>A certificate and the one that issued it.</summary>
    public static (string Certificate, string Issuer, string Key) CreateChain(string host = "app.example.com")
    {
        using var issuerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Lab CA", issuerKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var issuer = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(60));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Request(host, key)
            .Create(issuer, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30), [1, 2, 3]);
        return (certificate.ExportCertificatePem(), issuer.ExportCertificatePem(), key.ExportECPrivateKeyPem());
    }

    private static CertificateRequest Request(string host, ECDsa key)
    {
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        return request;
    }
}
