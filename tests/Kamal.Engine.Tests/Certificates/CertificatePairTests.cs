using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kamal.Engine.Operations;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Certificates;

[Trait("Needs", "elliptic curves")]
public sealed class CertificatePairTests
{
    // Made by openssl, since .NET makes none; its key was thrown away.
    private const string Ed25519Certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBPzCB8qADAgECAhRDzK7QDr2eH1lwcaCV4tCGAQm9QjAFBgMrZXAwDTELMAkG
        A1UEAwwCZWQwIBcNMjYxMTI2MTIxMjQ5WhgPMjEyNjExMDIxMjEyNDlaMA0xCzAJ
        BgNVBAMMAmVkMCowBQYDK2VwAyEAE3wDM6Ca9fam2+P27YMNnn+ezVYGEVuw1LfO
        VMaJR2ajYjBgMB0GA1UdDgQWBBR/cnwfnDLKMNS55UW9YC63dksR5DAfBgNVHSME
        GDAWgBR/cnwfnDLKMNS55UW9YC63dksR5DAPBgNVHRMBAf8EBTADAQH/MA0GA1Ud
        EQQGMASCAmVkMAUGAytlcANBABHjbLgKZatln50mkw05w06vS3hgVczqOk6Ihl7i
        hwEBFAPR8gvDcQY9fofyOfzp8Nm0WqofLp8CQxrQjlSj4wE=
        -----END CERTIFICATE-----
        """;

    [Fact]
    public void A_pair_that_belongs_together_has_a_folder_of_its_own()
    {
        var (certificate, key) = TestCertificates.Create();

        var pair = CertificatePair.Read(certificate, key);

        Assert.Matches("^[0-9a-f]{16}$", pair.Folder);
        Assert.Equal(pair.Folder, CertificatePair.Read(certificate, key).Folder);
        Assert.NotEqual(pair.Folder, CertificatePair.Read(certificate, key + "\n").Folder);
        Assert.Empty(pair.Warnings(["app.example.com"], DateTimeOffset.UtcNow));
    }

    [Fact]
    public void Every_form_of_a_key_is_read()
    {
        using var rsa = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=a", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var pem = certificate.ExportCertificatePem();

        Assert.NotNull(CertificatePair.Read(pem, rsa.ExportRSAPrivateKeyPem()));
        Assert.NotNull(CertificatePair.Read(pem.ReplaceLineEndings("\r\n"), rsa.ExportPkcs8PrivateKeyPem().ReplaceLineEndings("\r\n")));
        var (own, issuer, ec) = TestCertificates.CreateChain();
        Assert.NotNull(
            CertificatePair.Read(
                $"Bag Attributes\n    friendlyName: x\n{own}\n{issuer}\n",
                "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" + ec));
    }

    [Fact]
    public void Of_an_Ed25519_pair_the_algorithm_is_compared()
    {
        var anyKey = "-----BEGIN PRIVATE KEY-----\n" + Convert.ToBase64String(
            [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20, .. new byte[32]]) + "\n-----END PRIVATE KEY-----\n";
        Assert.NotNull(CertificatePair.Read(Ed25519Certificate, anyKey));
        var (certificate, key) = TestCertificates.Create();
        Assert.Contains("does not belong", Refused(certificate, anyKey), StringComparison.Ordinal);
        Assert.Contains("does not belong", Refused(Ed25519Certificate, key), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_proxy_could_not_load_is_named()
    {
        var (certificate, key) = TestCertificates.Create();
        var (_, other) = TestCertificates.Create();
        var (own, issuer, ownKey) = TestCertificates.CreateChain();
        using var secret = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var encrypted = secret.ExportEncryptedPkcs8PrivateKeyPem(
            "pw", new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1));

        Assert.Contains("does not belong to the certificate (CN=app.example.com)", Refused(certificate, other), StringComparison.Ordinal);
        Assert.Contains("own certificate must come first", Refused(issuer + "\n" + own, ownKey), StringComparison.Ordinal);
        Assert.Contains("encrypted with a passphrase", Refused(certificate, encrypted), StringComparison.Ordinal);
        Assert.Contains(
            "encrypted with a passphrase",
            Refused(
                certificate,
                "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE " +
                "KEY-----\n"),
            StringComparison.Ordinal);
        Assert.Contains(
            "holds no certificate", Refused("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", key),
            StringComparison.Ordinal);
        Assert.Contains(
            "holds no key", Refused(certificate, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"),
            StringComparison.Ordinal);
        Assert.Contains("certificate has no PEM block", Refused("", key), StringComparison.Ordinal);
        Assert.Contains("private key has no PEM block", Refused(certificate, "keydata"), StringComparison.Ordinal);
        Assert.Contains("private key has no PEM block", Refused(certificate, certificate), StringComparison.Ordinal);
        Assert.Contains("\\n in place of line breaks", Refused(certificate.ReplaceLineEndings("\\n"), key), StringComparison.Ordinal);
        Assert.Contains("cut off, or its lines are indented", Refused(certificate[..^30], key), StringComparison.Ordinal);
        Assert.Contains(
            "cut off, or its lines are indented", Refused("  " + certificate.ReplaceLineEndings("\n  "), key),
            StringComparison.Ordinal);
    }

    [Fact]
    public void No_message_holds_the_key()
    {
        var (certificate, _) = TestCertificates.Create();
        var (_, other) = TestCertificates.Create();
        Assert.DoesNotContain(other.Split('\n')[1], Refused(certificate, other), StringComparison.Ordinal);
    }

    [Fact]
    public void What_clients_do_not_trust_is_a_warning()
    {
        Assert.Contains(
            "expired on", Assert.Single(Warnings(TestCertificates.Create(fromDays: -9, untilDays: -2))), StringComparison.Ordinal);
        Assert.Contains(
            "not valid before", Assert.Single(Warnings(TestCertificates.Create(fromDays: 2, untilDays: 9))),
            StringComparison.Ordinal);
        Assert.Equal("it does not cover app.example.com", Assert.Single(Warnings(TestCertificates.Create("other.example.com"))));
        Assert.Empty(Warnings(TestCertificates.Create("*.example.com")));
        var (own, issuer, key) = TestCertificates.CreateChain();
        var (stranger, _) = TestCertificates.Create("stranger");
        Assert.Empty(Warnings((own + "\n" + issuer, key)));
        Assert.Contains(
            "its chain is out of order: CN=stranger did not issue", Assert.Single(Warnings((own + "\n" + stranger, key))),
            StringComparison.Ordinal);
    }

    private static IEnumerable<string> Warnings((string Certificate, string Key) pair) =>
        CertificatePair.Read(pair.Certificate, pair.Key).Warnings(["app.example.com"], DateTimeOffset.UtcNow);

    private static string Refused(string certificate, string key) =>
        Assert.Throws<FormatException>(() => CertificatePair.Read(certificate, key)).Message;
}
