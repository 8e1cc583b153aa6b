using Renci.SshNet;
using Renci.SshNet.Security;

namespace Kamal.Adapters.Ssh.Authentication;

/// <summary>
/// A second key that is never shown. SSH.NET signs with an only key at once and asks first whether the server takes it when
/// there are several; beside this one it asks first, and reaching it means that the real key was refused.
/// </summary>
internal sealed class UnaskedKey() : HostAlgorithm("none"), IPrivateKeySource
{
    public override byte[] Data => throw new KeyDeclinedException();

    public IReadOnlyCollection<HostAlgorithm> HostKeyAlgorithms => [this];

    public override byte[] Sign(byte[] data) => throw new KeyDeclinedException();

    public override bool VerifySignature(byte[] data, byte[] signature) => false;
}
