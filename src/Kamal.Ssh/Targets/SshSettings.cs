using System.Collections.Immutable;

namespace Kamal.Ssh.Targets;

/// <summary>What a program sets for its connections before ssh_config is read, as ssh's command line does.</summary>
public sealed record SshSettings
{
    /// <summary>The directory that relative paths of these settings start from.</summary>
    public string Directory { get; init; } = ".";

    /// <summary>The ssh_config files to read; the user's and the system's if null, none if empty.</summary>
    public ImmutableArray<string>? ConfigFiles { get; init; }

    /// <summary>Whether ssh_config may run commands (<c>Match exec</c>); without them, no such line applies.</summary>
    public bool RunsCommands { get; init; } = true;

    /// <summary>The account, before ssh_config's; null for ssh_config's.</summary>
    public string? User { get; init; }

    /// <summary>The account where nothing names one; the local user's if null.</summary>
    public string? DefaultUser { get; init; }

    /// <summary>The password. It is only used for <see cref="PasswordUser"/>, and never on jump hosts.</summary>
    public SshSecret? Password { get; init; }

    /// <summary>The account that <see cref="Password"/> is for; any if null.</summary>
    public string? PasswordUser { get; init; }

    /// <summary>The port, before ssh_config's.</summary>
    public int? Port { get; init; }

    /// <summary>Jump hosts, before ssh_config's <c>ProxyJump</c>.</summary>
    public string? ProxyJump { get; init; }

    /// <summary>A command whose standard streams are the connection, before ssh_config's <c>ProxyCommand</c>.</summary>
    public string? ProxyCommand { get; init; }

    /// <summary>Private key files instead of ssh_config's; jump hosts are offered them after their own.</summary>
    public ImmutableArray<string>? IdentityFiles { get; init; }

    /// <summary>Gets private keys that are given as text; called once a host.</summary>
    public Func<CancellationToken, Task<ImmutableArray<SshKeyText>>>? KeyTexts { get; init; }

    /// <summary>
    /// Whether only the configured keys are offered, not what else the agent holds; ssh_config's <c>IdentitiesOnly</c> if null.
    /// </summary>
    public bool? IdentitiesOnly { get; init; }

    /// <summary>Whether the agent is forwarded; ssh_config's <c>ForwardAgent</c> if null.</summary>
    public bool? ForwardAgent { get; init; }

    /// <summary>Whether unknown host keys are accepted and remembered, whatever ssh_config says.</summary>
    public bool AcceptNewHostKeys { get; init; }

    /// <summary>How often a name that cannot be resolved is looked up again.</summary>
    public int DnsRetries { get; init; } = 3;

    /// <summary>Gets remarks about ssh_config, such as unknown options; called from any thread.</summary>
    public Action<string>? Note { get; init; }
}
