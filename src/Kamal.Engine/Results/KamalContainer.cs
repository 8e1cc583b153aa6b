namespace Kamal.Engine.Results;

/// <summary>A container on a host: of the app, of an accessory, or the proxy.</summary>
/// <param name="HostName">The host.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="ContainerName">Its name.</param>
public sealed record KamalContainer(string HostName, KamalContainerKind Kind, string ContainerName)
{
    /// <summary>Its id; the first twelve characters.</summary>
    public string ContainerId { get; init; } = "";

    /// <summary>The app's or accessory's service.</summary>
    public string? Service { get; init; }

    /// <summary>The role, for a container of the app.</summary>
    public string? Role { get; init; }

    /// <summary>The accessory, for one of an accessory.</summary>
    public string? Accessory { get; init; }

    /// <summary>The destination, if the container was started with one.</summary>
    public string? Destination { get; init; }

    /// <summary>The app's version; for the proxy and accessories the tag of the image.</summary>
    public string? Version { get; init; }

    /// <summary>Its image.</summary>
    public string Image { get; init; } = "";

    /// <summary>Its state.</summary>
    public KamalContainerState State { get; init; }

    /// <summary>Its state in Docker's words, as <c>Up 3 minutes (healthy)</c>.</summary>
    public string Status { get; init; } = "";

    /// <summary>What its health check says: <c>healthy</c>, <c>unhealthy</c> or <c>starting</c>; null where it has none or does not run.</summary>
    public string? Health { get; init; }

    /// <summary>Its ports in Docker's words.</summary>
    public string Ports { get; init; } = "";

    /// <summary>When it was made.</summary>
    public DateTimeOffset? CreatedAt { get; init; }
}

/// <summary>What a container is for.</summary>
public enum KamalContainerKind
{
    /// <summary>It runs the app, in a role.</summary>
    App,

    /// <summary>It runs an accessory.</summary>
    Accessory,

    /// <summary>It is the proxy.</summary>
    Proxy,
}

/// <summary>A container's state, as Docker names it.</summary>
public enum KamalContainerState
{
    /// <summary>A state that this version does not know; see <see cref="KamalContainer.Status"/>.</summary>
    Unknown,

    /// <summary>It was never started.</summary>
    Created,

    /// <summary>It runs.</summary>
    Running,

    /// <summary>It is held.</summary>
    Paused,

    /// <summary>It ended and is about to be started again.</summary>
    Restarting,

    /// <summary>It is being removed.</summary>
    Removing,

    /// <summary>It ended.</summary>
    Exited,

    /// <summary>It could not be removed whole.</summary>
    Dead,
}

/// <summary>A container of the app that runs besides the current one, left by a run that broke.</summary>
/// <param name="HostName">The host.</param>
/// <param name="Role">The role.</param>
/// <param name="Version">Its version.</param>
public sealed record KamalStaleContainer(string HostName, string Role, string Version)
{
    /// <summary>Its name.</summary>
    public string ContainerName { get; init; } = "";

    /// <summary>Whether it was stopped now.</summary>
    public bool Stopped { get; init; }
}

/// <summary>The version that a role runs on a host.</summary>
/// <param name="HostName">The host.</param>
/// <param name="Role">The role.</param>
/// <param name="Version">The version, or null if the role does not run there.</param>
public sealed record KamalAppVersion(string HostName, string Role, string? Version);
