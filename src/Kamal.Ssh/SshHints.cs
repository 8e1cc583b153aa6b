namespace Kamal.Ssh;

/// <summary>
/// How the program that uses this client is configured. Recommendations name these instead of ssh's own options; the
/// defaults are ssh_config's.
/// </summary>
public sealed record SshHints
{
    /// <summary>How to correct a host's name.</summary>
    public string CorrectHostName { get; init; } = "Check the spelling, or give the host an alias with HostName in ssh_config.";

    /// <summary>How to accept the key of a new host, after "or".</summary>
    public string AcceptNewHostKey { get; init; } = "set 'StrictHostKeyChecking accept-new' for this host in ssh_config";

    /// <summary>How to offer one key only.</summary>
    public string OfferOneKey { get; init; } = "IdentityFile and 'IdentitiesOnly yes' for this host in ssh_config";

    /// <summary>How to name a key file, as the beginning of a sentence.</summary>
    public string NameKey { get; init; } = "Name a key with IdentityFile in ssh_config";

    /// <summary>How to give a password.</summary>
    public string GivePassword { get; init; } = "log in with a password";

    /// <summary>How to name another account, after "else name another account".</summary>
    public string NameUser { get; init; } = "with User in ssh_config";
}
