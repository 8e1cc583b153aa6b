namespace Kamal.Engine.Results;

/// <summary>The status of a role on a host: what runs, how it is, and what it answers. Unknown values are null.</summary>
public sealed record KamalStatus(string HostName, string Role)
{
    /// <summary>The version that serves or, if none does, the newest one that has a container.</summary>
    public string? Version { get; init; }

    /// <summary>The container's name.</summary>
    public string? ContainerName { get; init; }

    /// <summary>The first twelve characters of the container's ID.</summary>
    public string? ContainerId { get; init; }

    /// <summary>Docker's word for the container's state, such as <c>running</c>, <c>restarting</c> or <c>exited</c>.</summary>
    public string? State { get; init; }

    /// <summary>The result of the image's health check, <c>healthy</c>, <c>unhealthy</c> or <c>starting</c>; null if it has none.</summary>
    public string? Health { get; init; }

    /// <summary>The exit code of a container that does not run.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The time since the container was created.</summary>
    public TimeSpan? Age { get; init; }

    /// <summary>How often Docker has restarted the container.</summary>
    public int? Restarts { get; init; }

    /// <summary>Requests per second in the last minute, from the proxy's log; null for a role without proxy.</summary>
    public double? RequestsPerSecond { get; init; }

    /// <summary>How many requests of the last minute were answered with a status of 500 or more.</summary>
    public long? ServerErrors { get; init; }

    /// <summary>95 of 100 requests of the last minute took no longer than this.</summary>
    public TimeSpan? ResponseTime { get; init; }

    /// <summary>The share of one processor that the container uses, in percent.</summary>
    public double? CpuPercent { get; init; }

    /// <summary>The memory that the container uses, in bytes.</summary>
    public long? Memory { get; init; }

    /// <summary>The memory that the container may use, in bytes. Without a limit, the host's.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>Whether the deploy lock is held; null if the primary host is not selected or does not answer.</summary>
    public bool? IsLocked { get; init; }

    /// <summary>Who holds the deploy lock.</summary>
    public string? LockedBy { get; init; }

    /// <summary>Whether the proxy answers with the maintenance message.</summary>
    public bool? InMaintenance { get; init; }

    /// <summary>
    /// What is wrong, in a few words, such as <c>not routed</c>; if the host could not be asked, the cause or the error ID. Null if nothing
    /// is.
    /// </summary>
    public string? Problem { get; init; }

    /// <summary>The error, if the host could not be asked.</summary>
    public string? Error { get; init; }

    /// <summary>Why the host could not be asked, if that could be found out.</summary>
    public KamalCause? Cause { get; init; }

    /// <summary>When the host was asked.</summary>
    public DateTimeOffset ObservedAt { get; init; }

    /// <summary>The host, the role, its version, and its health or state.</summary>
    public override string ToString() =>
        $"{HostName}: {Role} {VersionName.Short(Version ?? "-")}: {Health ?? State ?? Problem ?? "unknown"}";
}
