using Kamal.Engine.Configuration;

namespace Kamal.Engine.Hosts;

/// <summary>Connection limits: deploy.yml's <c>sshkit</c> section.</summary>
public sealed record HostConnectionLimits
{
    private static readonly SshkitConfiguration Standard = new();

    /// <summary>The maximum number of connections that a run starts at once.</summary>
    public int MaxConcurrentStarts { get; init; } = Standard.MaxConcurrentStarts;

    /// <summary>How long an idle connection is kept.</summary>
    public TimeSpan IdleTimeout { get; init; } = Standard.PoolIdleTimeout;

    /// <summary>The time without a response after which a connection is probed before it is used.</summary>
    internal TimeSpan ProbeAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long an idle connection is probed in the background, so that the next command does not have to wait for a probe.
    /// </summary>
    internal TimeSpan WatchFor { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a probe may take.</summary>
    internal TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The limits that a configuration sets.</summary>
    /// <param name="configuration">Its <c>sshkit</c> section.</param>
    public static HostConnectionLimits From(SshkitConfiguration configuration) =>
        new() { MaxConcurrentStarts = Math.Max(1, configuration.MaxConcurrentStarts), IdleTimeout = configuration.PoolIdleTimeout };
}
