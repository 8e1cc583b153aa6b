using Kamal.Engine.Configuration;

namespace Kamal.Engine.Hosts;

/// <summary>How connections are made and kept; deploy.yml's <c>sshkit</c> section.</summary>
public sealed record HostConnectionLimits
{
    /// <summary>How many connections a run sets up at once.</summary>
    public int MaxConcurrentStarts { get; init; } = 30;

    /// <summary>How long an idle connection is kept.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(900);

    /// <summary>After how long a silence a connection is tried before a script is trusted to it.</summary>
    internal TimeSpan ProbeAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an idle connection is asked ahead of time, so that the next command need not wait for its answer.</summary>
    internal TimeSpan WatchFor { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a connection may take to answer that.</summary>
    internal TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The limits that a configuration sets.</summary>
    /// <param name="configuration">Its <c>sshkit</c> section.</param>
    public static HostConnectionLimits From(SshkitConfiguration configuration) =>
        new() { MaxConcurrentStarts = Math.Max(1, configuration.MaxConcurrentStarts), IdleTimeout = configuration.PoolIdleTimeout };
}
