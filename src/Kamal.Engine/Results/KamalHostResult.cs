using System.Collections.Immutable;

namespace Kamal.Engine.Results;

/// <summary>What an operation did on a host or on this machine. Results of different types share a table.</summary>
public abstract record KamalOperationResult;

/// <summary>The result of an operation on one host.</summary>
/// <param name="Operation">The operation, such as <c>Start the app</c>.</param>
public sealed record KamalHostResult(string HostName, string Operation, HostOutcome Outcome) : KamalOperationResult
{
    /// <summary>The role it concerned, if any.</summary>
    public string? Role { get; init; }

    /// <summary>The accessory it concerned, if any.</summary>
    public string? Accessory { get; init; }

    /// <summary>The kind of container that it concerned, or null for none.</summary>
    public KamalContainerKind? Kind => Accessory is not null ? KamalContainerKind.Accessory
        : Role is not null ? KamalContainerKind.App
        : null;

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Why it failed, if that could be found out.</summary>
    public KamalCause? Cause { get; init; }

    /// <summary>The steps on the host, if they were only previewed; otherwise empty.</summary>
    public ImmutableArray<KamalPlanStep> Steps { get; init; } = [];

    /// <summary>The host, what was done there, and its outcome.</summary>
    public override string ToString() => $"{HostName}: {Operation}{((Role ?? Accessory) is { } part ? $" ({part})" : "")}: {Outcome}";
}

/// <summary>The outcome of an operation on a host.</summary>
public enum HostOutcome : long
{
    /// <summary>It succeeded.</summary>
    Succeeded,

    /// <summary>It failed; see the error stream.</summary>
    Failed,

    /// <summary>It did not run, because something before it failed or there was nothing to do.</summary>
    Skipped,

    /// <summary>It was only previewed.</summary>
    Previewed,
}

/// <summary>The result of a deploy for one role on one host.</summary>
/// <param name="Version">The deployed version.</param>
public sealed record KamalDeployResult(string HostName, string Role, string Version, HostOutcome Outcome) : KamalOperationResult
{
    /// <summary>The operation: <c>Deploy</c> or <c>Roll back</c>.</summary>
    public string Operation { get; init; } = "Deploy";

    /// <summary>Where the role stands on the host now; null in a preview.</summary>
    public KamalDeployState? State { get; init; }

    /// <summary>The version that ran before, or null if there was none or it is unknown.</summary>
    public string? PreviousVersion { get; init; }

    /// <summary>The version found running after a failure. Null if there is none or it is unknown.</summary>
    public string? RunningVersion { get; init; }

    /// <summary>Whether the running version is unknown, for example because the connection broke.</summary>
    public bool IsUncertain { get; init; }

    /// <summary>The new container's name.</summary>
    public string? ContainerName { get; init; }

    /// <summary>The new container's ID.</summary>
    public string? ContainerId { get; init; }

    /// <summary>How long the switch took on the host.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The error's text, or null.</summary>
    public string? Error { get; init; }

    /// <summary>Why it failed, if that could be found out.</summary>
    public KamalCause? Cause { get; init; }

    /// <summary>The steps on the host, if they were only previewed; otherwise empty.</summary>
    public ImmutableArray<KamalPlanStep> Steps { get; init; } = [];

    /// <summary>The host, the role, the version, and where the role stands.</summary>
    public override string ToString() =>
        $"{HostName}: {Role} {VersionName.Short(Version)}: {(State is { } state ? $"{state}" : $"{Outcome}")}";
}

/// <summary>Where a role stands on a host after a deploy.</summary>
public enum KamalDeployState : long
{
    /// <summary>The new version runs.</summary>
    Switched,

    /// <summary>What ran before goes on: the new version failed there, or was not started.</summary>
    KeptOld,

    /// <summary>The new version ran, and what ran before has taken over again, because another host failed.</summary>
    RolledBack,

    /// <summary>The host could not be reached and was left out.</summary>
    Skipped,

    /// <summary>Nothing runs, or it is not known what does.</summary>
    Failed,
}

/// <summary>The result of a user's command on a host.</summary>
/// <param name="ExitCode">The exit code; null if the command did not run or was ended by a signal.</param>
/// <param name="Output">The standard output, without the final newline.</param>
public sealed record KamalCommandResult(string HostName, int? ExitCode, string Output)
{
    /// <summary>The role whose container it ran in, if any.</summary>
    public string? Role { get; init; }

    /// <summary>The accessory whose container it ran in, if any.</summary>
    public string? Accessory { get; init; }

    /// <summary>The kind of container that it concerned, or null for none.</summary>
    public KamalContainerKind? Kind => Accessory is not null ? KamalContainerKind.Accessory
        : Role is not null ? KamalContainerKind.App
        : null;

    /// <summary>The standard error, without the final newline.</summary>
    public string ErrorOutput { get; init; } = "";

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary><see cref="Output"/>.</summary>
    public override string ToString() => Output;
}

/// <summary>The result of a login to a registry, or a logout.</summary>
/// <param name="HostName">The host, or null for this machine.</param>
/// <param name="Server">The registry server, such as <c>docker.io</c>.</param>
/// <param name="Operation">The operation, such as <c>Log in</c>.</param>
public sealed record KamalRegistrySession(string? HostName, string Server, string Operation, HostOutcome Outcome)
    : KamalOperationResult
{
    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The host, what was done there, and its outcome.</summary>
    public override string ToString() => $"{HostName ?? "this machine"}: {Operation} ({Server}): {Outcome}";
}

/// <summary>A file of a new project.</summary>
/// <param name="Path">The file relative to the project, with <c>/</c>.</param>
/// <param name="Outcome"><see cref="HostOutcome.Succeeded"/> if it was written, <see cref="HostOutcome.Skipped"/> if it already
/// existed.</param>
public sealed record KamalProjectFile(string Path, HostOutcome Outcome)
{
    /// <summary><see cref="Path"/>.</summary>
    public override string ToString() => Path;
}
