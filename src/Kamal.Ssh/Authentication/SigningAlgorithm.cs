using Renci.SshNet;
using Renci.SshNet.Security;

namespace Kamal.Ssh.Authentication;

/// <summary>Lets SSH.NET offer and use a key wherever it is: in a file, encrypted, in an agent.</summary>
/// <param name="name">The algorithm that is named in the request, as <c>rsa-sha2-512</c>.</param>
/// <param name="blob">The public key or certificate.</param>
/// <param name="sign">Signs.</param>
internal sealed class SigningAlgorithm(string name, byte[] blob, Func<byte[], byte[]> sign) : HostAlgorithm(name), IPrivateKeySource
{
    public override byte[] Data => blob;

    public IReadOnlyCollection<HostAlgorithm> HostKeyAlgorithms => [this];

    public override byte[] Sign(byte[] data) => sign(data);

    public override bool VerifySignature(byte[] data, byte[] signature) =>
        throw new InvalidOperationException("A login key does not verify signatures.");
}

/// <summary>
/// A second key that is never offered. SSH.NET signs at once with a single key, and asks first whether the server accepts it when
/// there are several. With this one it asks first, and reaching it means that the real key was refused.
/// </summary>
internal sealed class DecoyKey() : HostAlgorithm("none"), IPrivateKeySource
{
    public override byte[] Data => throw new KeyDeclinedException();

    public IReadOnlyCollection<HostAlgorithm> HostKeyAlgorithms => [this];

    public override byte[] Sign(byte[] data) => throw new KeyDeclinedException();

    public override bool VerifySignature(byte[] data, byte[] signature) => false;
}

/// <summary>Ends SSH.NET's use of one key, so that the next is tried.</summary>
internal sealed class KeyDeclinedException() : Exception("The key is not used.");
