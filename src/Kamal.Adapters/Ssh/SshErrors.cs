using Kamal.Engine;
using Kamal.Ssh;

namespace Kamal.Adapters.Ssh;

/// <summary>
/// Turns the SSH client's errors into the engine's, and tells the client how Kamal is configured, so that its recommendations say
/// so.
/// </summary>
internal static class SshErrors
{
    /// <summary>What recommendations name.</summary>
    public static SshHints Hints { get; } = new()
    {
        CorrectHostName = "Check the spelling in deploy.yml, or give the host an alias with HostName in ssh_config.",
        AcceptNewHostKey = "run again with -AcceptNewHostKey (--accept-new-host-key)",
        OfferOneKey = "'keys' and 'keys_only: true' under ssh in deploy.yml, or IdentityFile and 'IdentitiesOnly yes' for this host "
            + "in ssh_config",
        NameKey = "Name a key under ssh/keys in deploy.yml",
        GivePassword = "give -Credential",
        NameUser = "under ssh/user",
    };

    /// <summary>The same error in the engine's terms.</summary>
    public static KamalException Translate(SshClientException failure) => new(Id(failure.Reason), failure.Message, failure.InnerException)
    {
        HostName = failure.HostName,
        Recommendation = failure.Recommendation,
        Cause = Cause(failure.Reason) is { } cause
            ? cause with { Evidence = [.. failure.Message.Split('\n')], NextStep = failure.Recommendation }
            : null,
    };

    private static KamalCause? Cause(SshFailureReason reason) => reason switch
    {
        SshFailureReason.HostKeyUnknown => new(CauseName.HostKeyUnknown, "the host's SSH key is not in known_hosts"),
        SshFailureReason.HostKeyChanged => new(CauseName.HostKeyChanged, "the host's SSH key is not the one in known_hosts"),
        SshFailureReason.AuthenticationFailed => new(CauseName.AuthenticationFailed, "the host accepts no key or password of the account"),
        SshFailureReason.NameUnknown => new(CauseName.HostNameUnknown, "the host's name cannot be resolved"),
        SshFailureReason.Refused => new(CauseName.ConnectionRefused, "the host refuses connections to its SSH port"),
        SshFailureReason.Unreachable => new(CauseName.HostUnreachable, "the network has no way to the host"),
        SshFailureReason.TimedOut => new(CauseName.HostSilent, "the host does not answer"),
        SshFailureReason.ConnectionFailed => new(CauseName.ConnectionLost, "the connection to the host broke"),
        _ => null,
    };

    private static KamalErrorId Id(SshFailureReason reason) => reason switch
    {
        SshFailureReason.ConfigurationInvalid => KamalErrorId.ConfigurationInvalid,
        SshFailureReason.FileUnavailable => KamalErrorId.FileUnavailable,
        SshFailureReason.LocalCommandFailed => KamalErrorId.LocalCommandFailed,
        SshFailureReason.HostKeyUnknown => KamalErrorId.HostKeyUnknown,
        SshFailureReason.HostKeyChanged => KamalErrorId.HostKeyChanged,
        SshFailureReason.AuthenticationFailed => KamalErrorId.AuthenticationFailed,
        SshFailureReason.NameUnknown or SshFailureReason.Refused or SshFailureReason.Unreachable or SshFailureReason.ConnectionFailed =>
            KamalErrorId.ConnectionFailed,
        SshFailureReason.TimedOut => KamalErrorId.TimedOut,
        _ => KamalErrorId.Internal,
    };
}
