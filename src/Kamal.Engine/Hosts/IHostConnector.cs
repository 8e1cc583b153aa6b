using Kamal.Engine.Ssh;

namespace Kamal.Engine.Hosts;

/// <summary>The port through which the engine connects to hosts. Implemented over SSH outside the engine.</summary>
public interface IHostConnector
{
    /// <summary>Connects and logs in.</summary>
    /// <param name="target">The host, the user and how to connect.</param>
    /// <param name="interaction">Asks the operator about unknown keys and passphrases.</param>
    /// <exception cref="KamalException">
    /// <see cref="KamalErrorId.HostKeyUnknown"/>, <see cref="KamalErrorId.HostKeyChanged"/>,
    /// <see cref="KamalErrorId.AuthenticationFailed"/>, <see cref="KamalErrorId.ConnectionFailed"/> or <see cref="KamalErrorId.TimedOut"/>.
    /// </exception>
    Task<IHostConnection> ConnectAsync(SshTarget target, IHostInteraction interaction, CancellationToken cancellationToken);
}
