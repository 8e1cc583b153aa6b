using Kamal.Engine.Ssh;

namespace Kamal.Engine.Hosts;

/// <summary>The port through which the engine reaches hosts; implemented over SSH outside the engine.</summary>
public interface IHostConnector
{
    /// <summary>Connects and logs in.</summary>
    /// <param name="target">Where to, as whom and how.</param>
    /// <param name="interaction">Whom to ask about unknown keys and passphrases.</param>
    /// <exception cref="KamalException">
    /// <see cref="KamalErrorId.HostKeyUnknown"/>, <see cref="KamalErrorId.HostKeyChanged"/>,
    /// <see cref="KamalErrorId.AuthenticationFailed"/>, <see cref="KamalErrorId.ConnectionFailed"/> or <see cref="KamalErrorId.TimedOut"/>.
    /// </exception>
    Task<IHostConnection> ConnectAsync(SshTarget target, IHostInteraction interaction, CancellationToken cancellationToken);
}
