using System.Collections.Immutable;

namespace Kamal.Engine.Results;

/// <summary>Whether a host is fit for a deploy.</summary>
public sealed record KamalHostCheck(string HostName)
{
    /// <summary>Whether the account can log in and run commands.</summary>
    public bool IsReachable { get; init; }

    /// <summary>The version of Docker's engine; null if it cannot be used.</summary>
    public string? DockerVersion { get; init; }

    /// <summary>The architecture, as <c>builder.arch</c> names it; null if unknown.</summary>
    public string? Architecture { get; init; }

    /// <summary>How many bytes are free where Docker keeps its data; null if unknown.</summary>
    public long? FreeBytes { get; init; }

    /// <summary>The size of that file system in bytes; null if unknown.</summary>
    public long? TotalBytes { get; init; }

    /// <summary>How many inodes are free there; null if unknown, or if the file system has no limit.</summary>
    public long? FreeInodes { get; init; }

    /// <summary>The size of the app's latest image on the host in bytes; null if there is none.</summary>
    public long? ImageBytes { get; init; }

    /// <summary>The state of the proxy's container, such as <c>running</c>; null if there is none, or none is needed.</summary>
    public string? ProxyState { get; init; }

    /// <summary>The version of the proxy; null if there is none.</summary>
    public string? ProxyVersion { get; init; }

    /// <summary>How far the host's clock is ahead of this machine's, to about the duration of a round trip; null if unknown.</summary>
    public TimeSpan? ClockOffset { get; init; }

    /// <summary>Who uses the ports of a proxy that does not run yet, such as <c>port 80: process nginx (812)</c>.</summary>
    public ImmutableArray<string> PortsInUse { get; init; } = [];

    /// <summary>Who holds the deploy lock, on the host that has it; null if nobody does.</summary>
    public string? LockedBy { get; init; }

    /// <summary>What is wrong.</summary>
    public ImmutableArray<KamalCause> Causes { get; init; } = [];

    /// <summary>Whether nothing is wrong.</summary>
    public bool IsReady => Causes.IsEmpty;

    /// <summary><see cref="HostName"/>.</summary>
    public override string ToString() => HostName;
}
