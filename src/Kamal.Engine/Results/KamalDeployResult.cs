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

    /// <summary>The version that runs now: the new one, or after a failure the one before. Null if none does or it is not known.</summary>
    public string? RunningVersion => Outcome == HostOutcome.Succeeded ? Version : IsUncertain ? null : PreviousVersion;

    /// <summary>Whether the connection broke in the middle, so that nobody knows how far the host came.</summary>
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
