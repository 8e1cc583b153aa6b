namespace Kamal.Engine.Results;

/// <summary>
/// What takes space where a host's Docker engine keeps its data. All sizes are in bytes, and null if unknown; those of Docker have the
/// three or four digits that <c>docker system df</c> gives of them. All apps of the host count.
/// </summary>
public sealed record KamalDiskUsage(string HostName)
{
    /// <summary>The directory in which the engine keeps images: its own, or that of containerd.</summary>
    public string? Directory { get; init; }

    /// <summary>How much is free in the file system of the directory.</summary>
    public long? FreeBytes { get; init; }

    /// <summary>The size of that file system.</summary>
    public long? TotalBytes { get; init; }

    /// <summary>What images take, with layers that several share counted once.</summary>
    public long? ImageBytes { get; init; }

    /// <summary>What images take that no container uses.</summary>
    public long? UnusedImageBytes { get; init; }

    /// <summary>What containers have written, running or not.</summary>
    public long? ContainerBytes { get; init; }

    /// <summary>What volumes take.</summary>
    public long? VolumeBytes { get; init; }

    /// <summary>What the build cache takes.</summary>
    public long? BuildCacheBytes { get; init; }

    /// <summary>What <c>Invoke-KamalPrune -BuildCache</c> may free of it.</summary>
    public long? UnusedBuildCacheBytes { get; init; }

    /// <summary><see cref="HostName"/>.</summary>
    public override string ToString() => HostName;
}
