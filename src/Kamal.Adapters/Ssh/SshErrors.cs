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
    };

    private static KamalErrorId Id(SshFailureReason reason) => reason switch
    {
        SshFailureReason.ConfigurationInvalid => KamalErrorId.ConfigurationInvalid,
        SshFailureReason.FileUnavailable => KamalErrorId.FileUnavailable,
        SshFailureReason.LocalCommandFailed => KamalErrorId.LocalCommandFailed,
        SshFailureReason.HostKeyUnknown => KamalErrorId.HostKeyUnknown,
        SshFailureReason.HostKeyChanged => KamalErrorId.HostKeyChanged,
        SshFailureReason.AuthenticationFailed => KamalErrorId.AuthenticationFailed,
        SshFailureReason.ConnectionFailed => KamalErrorId.ConnectionFailed,
        SshFailureReason.TimedOut => KamalErrorId.TimedOut,
        _ => KamalErrorId.Internal,
    };
}
