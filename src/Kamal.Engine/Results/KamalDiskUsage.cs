namespace Kamal.Engine.Results;

/// <summary>
/// The disk usage of a host's Docker engine, for all apps on the host. All sizes are in bytes, and null if unknown; Docker's have the
/// precision of <c>docker system df</c>, three or four digits.
/// </summary>
public sealed record KamalDiskUsage(string HostName)
{
    /// <summary>The directory in which the engine keeps images: its own, or that of containerd.</summary>
    public string? Directory { get; init; }

    /// <summary>The free space in the file system of the directory.</summary>
    public long? FreeBytes { get; init; }

    /// <summary>The size of that file system.</summary>
    public long? TotalBytes { get; init; }

    /// <summary>The space that images use. Shared layers count once.</summary>
    public long? ImageBytes { get; init; }

    /// <summary>The space of images that no container uses.</summary>
    public long? UnusedImageBytes { get; init; }

    /// <summary>The space of files that containers, running or stopped, have written.</summary>
    public long? ContainerBytes { get; init; }

    /// <summary>The space that volumes use.</summary>
    public long? VolumeBytes { get; init; }

    /// <summary>The space that the build cache uses.</summary>
    public long? BuildCacheBytes { get; init; }

    /// <summary>The part of the build cache that <c>Invoke-KamalPrune -BuildCache</c> can free.</summary>
    public long? UnusedBuildCacheBytes { get; init; }

    /// <summary><see cref="HostName"/>.</summary>
    public override string ToString() => HostName;
}
