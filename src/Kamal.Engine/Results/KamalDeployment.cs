using System.Collections.Immutable;

namespace Kamal.Engine.Results;

/// <summary>A deploy in the hosts' history: what was deployed, by whom, and how it ended.</summary>
/// <param name="StartedAt">When it began, by the clock of the machine that it was run on.</param>
/// <param name="Operation"><c>deploy</c>, <c>redeploy</c>, <c>setup</c>, <c>rollback</c>, <c>boot</c>, or <c>kamal</c> for a boot that
/// only Kamal's audit log knows.</param>
/// <param name="Version">The version.</param>
/// <param name="Outcome">How it ended.</param>
public sealed record KamalDeployment(DateTimeOffset StartedAt, string Operation, string Version, KamalDeploymentOutcome Outcome)
{
    /// <summary>The version that ran before: on the first host if they differ. Null if there was none or it is unknown.</summary>
    public string? PreviousVersion { get; init; }

    /// <summary>Git's email address of the person who ran it, or else the local account.</summary>
    public string? Performer { get; init; }

    /// <summary>The name of the machine that it was run on.</summary>
    public string? From { get; init; }

    /// <summary>How long it took, without the build; null if it is not known.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The name of the cause or the ID of the error, if it failed.</summary>
    public string? Cause { get; init; }

    /// <summary>The names of its hosts, so that cmdlets in a pipeline work on these.</summary>
    public ImmutableArray<string> HostName => [.. Hosts.Select(host => host.HostName).Distinct()];

    /// <summary>What became of each role on each host.</summary>
    public ImmutableArray<KamalDeploymentHost> Hosts { get; init; } = [];

    /// <summary>What was done with which version, and how it ended.</summary>
    public override string ToString() => $"{Operation} {VersionName.Short(Version)}: {Outcome}";
}

/// <summary>A host's part in a deploy.</summary>
/// <param name="Role">The role, or null for a host on which no container was started.</param>
/// <param name="Outcome">How it ended.</param>
public sealed record KamalDeploymentHost(string HostName, string? Role, KamalDeploymentOutcome Outcome)
{
    /// <summary>The version that ran before, or null if there was none or it is unknown.</summary>
    public string? PreviousVersion { get; init; }

    /// <summary>The first twelve characters of the new container's ID.</summary>
    public string? ContainerId { get; init; }

    /// <summary>How long it took from the new container's start until it served or failed, in whole seconds of the host's clock.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The host, the role if there is one, and how it ended.</summary>
    public override string ToString() => $"{HostName}{(Role is null ? "" : $" {Role}")}: {Outcome}";
}

/// <summary>How a deploy ended.</summary>
public enum KamalDeploymentOutcome : long
{
    /// <summary>Nothing says how.</summary>
    Unknown,

    /// <summary>It succeeded; on a host, the new container has become healthy.</summary>
    Succeeded,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>The host had switched, and what ran before has taken over again.</summary>
    RolledBack,

    /// <summary>It was stopped, and cleaned up.</summary>
    Interrupted,

    /// <summary>No end was recorded: it is still running, or was cut off.</summary>
    Unfinished,

    /// <summary>No container was started on the host.</summary>
    NotBegun,
}
