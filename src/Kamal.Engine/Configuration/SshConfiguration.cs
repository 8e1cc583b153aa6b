using System.Collections.Immutable;

namespace Kamal.Engine.Configuration;

/// <summary>deploy.yml's <c>ssh</c> section, before ssh_config is read.</summary>
public sealed record SshConfiguration
{
    /// <summary>The user. Null for ssh_config's, or root.</summary>
    public string? User { get; init; }

    /// <summary>The port. Null for ssh_config's, or 22.</summary>
    public int? Port { get; init; }

    /// <summary>A jump host, <c>[user@]host</c>. The user defaults to root.</summary>
    public string? Proxy { get; init; }

    /// <summary>A command to connect through, using its standard input and output.</summary>
    public string? ProxyCommand { get; init; }

    /// <summary>Key files. Null for ssh_config's.</summary>
    public ImmutableArray<string>? Keys { get; init; }

    /// <summary>Names of secrets that hold private keys, or (deprecated) the keys themselves.</summary>
    public ImmutableArray<string> KeyData { get; init; } = [];

    /// <summary>Whether to try only those keys. Null for ssh_config's setting.</summary>
    public bool? KeysOnly { get; init; }

    /// <summary>Whether to read ssh_config.</summary>
    public bool UseConfigFiles { get; init; } = true;

    /// <summary>ssh_config files to read instead of the default ones; empty for the default.</summary>
    public ImmutableArray<string> ConfigFiles { get; init; } = [];

    /// <summary>Whether the agent is forwarded.</summary>
    public bool? ForwardAgent { get; init; }

    /// <summary>The log level of SSH messages.</summary>
    public string LogLevel { get; init; } = "fatal";

    /// <summary>What differs from the defaults, such as <c>Name=value; Name=value</c>.</summary>
    public override string ToString() => SectionText.Of(this);
}

/// <summary>Limits of the connections.</summary>
public sealed record SshkitConfiguration
{
    /// <summary>The maximum number of connections to start at once.</summary>
    public int MaxConcurrentStarts { get; init; } = 30;

    /// <summary>How long an idle connection is kept.</summary>
    public TimeSpan PoolIdleTimeout { get; init; } = TimeSpan.FromSeconds(900);

    /// <summary>The number of times to retry a failed DNS lookup.</summary>
    public int DnsRetries { get; init; } = 3;

    /// <summary>What differs from the defaults, such as <c>Name=value; Name=value</c>.</summary>
    public override string ToString() => SectionText.Of(this);
}
