using Kamal.Ssh.Agent;
using Kamal.Ssh.Wire;

namespace Kamal.Ssh.Authentication;

/// <summary>A key that can log in: a public part to offer, and a way to sign with the private part.</summary>
internal abstract class LoginKey
{
    /// <summary>What it is and where it comes from, for messages.</summary>
    public abstract string Description { get; }

    /// <summary>The encoded public key; for a certificate, the certificate.</summary>
    public abstract byte[] PublicBlob { get; }

    /// <summary>
    /// Whether signing needs a passphrase, a touch or an approval, so that the server is asked first whether it accepts the key.
    /// </summary>
    public abstract bool IsCostly { get; }

    /// <summary>Whether the key can sign without asking for a passphrase.</summary>
    public virtual bool IsAtHand => true;

    /// <summary>Why it did not sign.</summary>
    public virtual string Obstacle => "it could not sign";

    /// <summary>Signs.</summary>
    /// <param name="data">What to sign.</param>
    /// <param name="algorithm">The signature algorithm, as <c>rsa-sha2-512</c>.</param>
    /// <returns>The encoded signature, or null if the private key cannot be used.</returns>
    public abstract Task<byte[]?> SignAsync(byte[] data, string algorithm, CancellationToken cancellationToken);

    /// <summary>The type in the blob, as <c>ssh-ed25519</c> or <c>ssh-ed25519-cert-v01@openssh.com</c>.</summary>
    public string BlobType => new SshReader(PublicBlob).Text();
}

/// <summary>A key that an agent holds.</summary>
internal sealed class AgentKey(AgentClient agent, byte[] blob, string comment) : LoginKey
{
    public override string Description => $"the agent's key {(comment.Length > 0 ? comment + " " : "")}({PublicKeyBlob.Fingerprint(blob)})";

    public override byte[] PublicBlob => blob;

    public override bool IsCostly => true;

    public override string Obstacle => "the agent did not sign with it";

    public override Task<byte[]?> SignAsync(byte[] data, string algorithm, CancellationToken cancellationToken) =>
        agent.SignAsync(blob, data, algorithm, cancellationToken);
}

/// <summary>A key with a certificate: the certificate is offered, the key signs.</summary>
internal sealed class CertifiedKey(LoginKey key, UserCertificate certificate, string file) : LoginKey
{
    public LoginKey Key => key;

    public override string Description => $"{key.Description} with the certificate {file}{certificate.Outdated}";

    public override byte[] PublicBlob => certificate.Blob;

    public override bool IsCostly => key.IsCostly;

    public override bool IsAtHand => key.IsAtHand;

    public override string Obstacle => key.Obstacle;

    public override Task<byte[]?> SignAsync(byte[] data, string algorithm, CancellationToken cancellationToken) =>
        key.SignAsync(data, algorithm, cancellationToken);
}
