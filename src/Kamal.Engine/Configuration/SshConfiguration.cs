using System.Collections.Immutable;

namespace Kamal.Engine.Configuration;

/// <summary>deploy.yml's <c>ssh</c> section, before ssh_config is consulted.</summary>
public sealed record SshConfiguration
{
    /// <summary>The account, or null where the file says nothing (then ssh_config's, else root).</summary>
    public string? User { get; init; }

    /// <summary>The port, or null where the file says nothing (then ssh_config's, else 22).</summary>
    public int? Port { get; init; }

    /// <summary>A jump host, <c>[user@]host</c>; root if no user is given.</summary>
    public string? Proxy { get; init; }

    /// <summary>A command whose standard streams are the connection.</summary>
    public string? ProxyCommand { get; init; }

    /// <summary>Key files; null where the file says nothing.</summary>
    public ImmutableArray<string>? Keys { get; init; }

    /// <summary>Names of secrets that hold private keys, or (deprecated) the keys themselves.</summary>
    public ImmutableArray<string> KeyData { get; init; } = [];

    /// <summary>Whether only those keys are tried; null where the file says nothing.</summary>
    public bool? KeysOnly { get; init; }

    /// <summary>Whether ssh_config is read: false for not at all.</summary>
    public bool UseConfigFiles { get; init; } = true;

    /// <summary>ssh_config files to read instead of the user's and the system's; empty for those.</summary>
    public ImmutableArray<string> ConfigFiles { get; init; } = [];

    /// <summary>Whether the agent is forwarded.</summary>
    public bool? ForwardAgent { get; init; }

    /// <summary>Kamal's log level of SSH messages, as <c>fatal</c>.</summary>
    public string LogLevel { get; init; } = "fatal";
}

/// <summary>Limits of the connections.</summary>
public sealed record SshkitConfiguration
{
    /// <summary>How many connections are set up at once.</summary>
    public int MaxConcurrentStarts { get; init; } = 30;

    /// <summary>How long an idle connection is kept.</summary>
    public TimeSpan PoolIdleTimeout { get; init; } = TimeSpan.FromSeconds(900);

    /// <summary>How often a failed name look-up is tried again.</summary>
    public int DnsRetries { get; init; } = 3;
}
