using System.Security.Cryptography;

namespace Kamal.Adapters.Ssh.Authentication;

/// <summary>A key that can log in: a public part to show, and somebody who signs with the private one.</summary>
internal abstract class LoginKey
{
    /// <summary>What it is and where it comes from, for people.</summary>
    public abstract string Description { get; }

    /// <summary>The public key as it goes over the wire; for a certificate, the certificate.</summary>
    public abstract byte[] PublicBlob { get; }

    /// <summary>Whether signing costs somebody something - a passphrase, a touch, an approval - so that the server is asked first whether it takes the key.</summary>
    public abstract bool IsCostly { get; }

    /// <summary>Whether signing needs nobody's help as far as is known: no passphrase is missing.</summary>
    public virtual bool IsAtHand => true;

    /// <summary>Why it did not sign, for people.</summary>
    public virtual string Obstacle => "it could not sign";

    /// <summary>Signs.</summary>
    /// <param name="data">What to sign.</param>
    /// <param name="algorithm">The signature algorithm, as <c>rsa-sha2-512</c>.</param>
    /// <param name="cancellationToken">Stops waiting for whom it needs.</param>
    /// <returns>The signature as it goes over the wire, or null if the private part is not to be had.</returns>
    public abstract Task<byte[]?> SignAsync(byte[] data, string algorithm, CancellationToken cancellationToken);

    /// <summary>The type in the blob, as <c>ssh-ed25519</c> or <c>ssh-ed25519-cert-v01@openssh.com</c>.</summary>
    public string BlobType => new SshReader(PublicBlob).Text();

    /// <summary>The fingerprint of a public key, as <c>SHA256:…</c>.</summary>
    public static string Fingerprint(ReadOnlySpan<byte> blob) => "SHA256:" + Convert.ToBase64String(SHA256.HashData(blob)).TrimEnd('=');
}
