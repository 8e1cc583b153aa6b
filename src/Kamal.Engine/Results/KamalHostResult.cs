namespace Kamal.Engine.Results;

/// <summary>What an operation did on one host.</summary>
/// <param name="HostName">The host.</param>
/// <param name="Operation">What it was, as <c>Start the app</c>.</param>
/// <param name="Outcome">How it ended.</param>
public sealed record KamalHostResult(string HostName, string Operation, HostOutcome Outcome)
{
    /// <summary>The role it was about, if one.</summary>
    public string? Role { get; init; }

    /// <summary>The accessory it was about, if one.</summary>
    public string? Accessory { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }
}

/// <summary>How something ended on a host.</summary>
public enum HostOutcome
{
    /// <summary>It was done.</summary>
    Succeeded,

    /// <summary>It failed; the error stream says why.</summary>
    Failed,

    /// <summary>It was not begun: something before it failed, or it was so already.</summary>
    Skipped,

    /// <summary>It was only shown.</summary>
    Previewed,
}

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

/// <summary>What a user's own command did on a host.</summary>
/// <param name="HostName">The host.</param>
/// <param name="ExitCode">Its exit code; 0 means success. Null if it was not run or a signal ended it.</param>
/// <param name="Output">What it printed to standard output, without the final newline.</param>
public sealed record KamalCommandResult(string HostName, int? ExitCode, string Output)
{
    /// <summary>The role whose container it ran in, if one.</summary>
    public string? Role { get; init; }

    /// <summary>The accessory whose container it ran in, if one.</summary>
    public string? Accessory { get; init; }

    /// <summary>What it printed to standard error, without the final newline.</summary>
    public string ErrorOutput { get; init; } = "";

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }
}

/// <summary>A session with a registry.</summary>
/// <param name="HostName">The host that has it, or null for this machine.</param>
/// <param name="Server">The registry's server, as <c>docker.io</c>.</param>
/// <param name="Operation">What was done, as <c>Log in</c>.</param>
/// <param name="Outcome">How it ended.</param>
public sealed record KamalRegistrySession(string? HostName, string Server, string Operation, HostOutcome Outcome)
{
    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }
}

/// <summary>A file that a new project begins with.</summary>
/// <param name="Path">The file relative to the project, with <c>/</c>.</param>
/// <param name="Outcome"><see cref="HostOutcome.Succeeded"/> if it was written, <see cref="HostOutcome.Skipped"/> if there was one already.</param>
public sealed record KamalProjectFile(string Path, HostOutcome Outcome);
