using Kamal.Engine.Configuration;
using Kamal.Engine.Secrets;

namespace Kamal.Engine.Hosts;

/// <summary>What decides how the hosts of a run are reached, before ssh_config is consulted.</summary>
/// <param name="Configuration">The configuration, with its <c>ssh</c> and <c>sshkit</c> sections.</param>
/// <param name="Secrets">Holds what <c>ssh.key_data</c> names.</param>
public sealed record HostAccess(KamalConfiguration Configuration, ISecretStore Secrets)
{
    /// <summary>Whether ssh_config may run commands: not where the repository is only looked at.</summary>
    public bool RunsCommands => Configuration.RunsCommands;

    /// <summary>The account and password that the run was given.</summary>
    public HostCredential Credential { get; init; } = new(null, null);

    /// <summary>Whether host keys that are not known yet are accepted and remembered; <c>-AcceptNewHostKey</c>.</summary>
    public bool AcceptNewHostKeys { get; init; }

    /// <summary>Gets remarks for those who want details, from any thread.</summary>
    public Action<string>? Note { get; init; }
}

/// <summary>An account of the hosts; <c>-Credential</c>.</summary>
/// <param name="User">The account; the configured one, if null.</param>
/// <param name="Password">Its password, if it has one.</param>
public sealed record HostCredential(string? User, SecretValue? Password)
{
    /// <summary>The account, held to the rules of accounts in the configuration.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ArgumentInvalid"/>: OpenSSH would refuse it.</exception>
    public string? CheckedUser() => User is null ? null : GivenNames.User(User);
}
