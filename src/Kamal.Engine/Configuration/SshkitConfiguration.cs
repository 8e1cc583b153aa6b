namespace Kamal.Engine.Configuration;

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
