namespace Kamal.Engine.Results;

/// <summary>What a deploy did with one role on one host.</summary>
/// <param name="HostName">The host.</param>
/// <param name="Role">The role.</param>
/// <param name="Version">The version that was to run.</param>
/// <param name="Outcome">How it ended.</param>
public sealed record KamalDeployResult(string HostName, string Role, string Version, HostOutcome Outcome)
{
    /// <summary>The version that ran before, or null if none did or it is not known.</summary>
    public string? PreviousVersion { get; init; }

    /// <summary>The version that serves now, as the host was seen after a failure. Null if none does or it is not known.</summary>
    public string? RunningVersion { get; init; }

    /// <summary>Whether it is not known what serves, as after a connection that broke in the middle.</summary>
    public bool IsUncertain { get; init; }

    /// <summary>The new container's name.</summary>
    public string? ContainerName { get; init; }

    /// <summary>The new container's id.</summary>
    public string? ContainerId { get; init; }

    /// <summary>How long the switch took on this host.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Why it failed, or null.</summary>
    public string? Error { get; init; }
}
