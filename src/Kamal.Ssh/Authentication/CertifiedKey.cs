namespace Kamal.Adapters.Ssh.Authentication;

/// <summary>A key with a certificate: the certificate is shown, the key signs.</summary>
internal sealed class CertifiedKey(LoginKey key, Certified certificate, string file) : LoginKey
{
    public LoginKey Key => key;

    public override string Description => $"{key.Description} with the certificate {file}{certificate.Outdated}";

    public override byte[] PublicBlob => certificate.Blob;

    public override bool IsCostly => key.IsCostly;

    public override bool IsAtHand => key.IsAtHand;

    public override string Obstacle => key.Obstacle;

    public override Task<byte[]?> SignAsync(byte[] data, string algorithm, CancellationToken cancellationToken) => key.SignAsync(data, algorithm, cancellationToken);
}
