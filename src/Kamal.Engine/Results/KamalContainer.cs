namespace Kamal.Engine.Results;

/// <summary>A container on a host: of the app, of an accessory, or the proxy.</summary>
public sealed record KamalContainer(string HostName, KamalContainerKind Kind, string ContainerName)
{
    /// <summary>The first twelve characters of its ID.</summary>
    public string ContainerId { get; init; } = "";

    /// <summary>The app's or accessory's service.</summary>
    public string? Service { get; init; }

    /// <summary>The role, for a container of the app.</summary>
    public string? Role { get; init; }

    /// <summary>The accessory, for a container of an accessory.</summary>
    public string? Accessory { get; init; }

    /// <summary>The destination, if the container was started with one.</summary>
    public string? Destination { get; init; }

    /// <summary>The app's version. For the proxy and accessories, the tag of the image.</summary>
    public string? Version { get; init; }

    /// <summary>Its image.</summary>
    public string Image { get; init; } = "";

    /// <summary>Its state.</summary>
    public KamalContainerState State { get; init; }

    /// <summary>Docker's status, such as <c>Up 3 minutes (healthy)</c>.</summary>
    public string Status { get; init; } = "";

    /// <summary>
    /// The state of its health check: <c>healthy</c>, <c>unhealthy</c> or <c>starting</c>. Null if it has none or is not running.
    /// </summary>
    public string? Health { get; init; }

    /// <summary>Its ports, as Docker prints them.</summary>
    public string Ports { get; init; } = "";

    /// <summary>When it was created.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary><see cref="ContainerName"/>.</summary>
    public override string ToString() => ContainerName;
}

/// <summary>The kind of a container.</summary>
public enum KamalContainerKind : long
{
    /// <summary>Runs a role of the app.</summary>
    App,

    /// <summary>Runs an accessory.</summary>
    Accessory,

    /// <summary>Runs the proxy.</summary>
    Proxy,
}

/// <summary>A container's state, as Docker reports it.</summary>
public enum KamalContainerState : long
{
    /// <summary>An unknown state; see <see cref="KamalContainer.Status"/>.</summary>
    Unknown,

    /// <summary>Never started.</summary>
    Created,

    /// <summary>Running.</summary>
    Running,

    /// <summary>Paused.</summary>
    Paused,

    /// <summary>Exited, and about to be restarted.</summary>
    Restarting,

    /// <summary>Being removed.</summary>
    Removing,

    /// <summary>Exited.</summary>
    Exited,

    /// <summary>Only partly removed.</summary>
    Dead,
}

/// <summary>A container of an old version that is still running, left by an interrupted deploy.</summary>
public sealed record KamalStaleContainer(string HostName, string Role, string Version)
{
    /// <summary>Its name.</summary>
    public string ContainerName { get; init; } = "";

    /// <summary>Whether this command stopped it.</summary>
    public bool Stopped { get; init; }

    /// <summary><see cref="ContainerName"/>.</summary>
    public override string ToString() => ContainerName;
}

/// <summary>The version that a role runs on a host.</summary>
/// <param name="Version">The version, or null if the role is not running there.</param>
public sealed record KamalAppVersion(string HostName, string Role, string? Version)
{
    /// <summary><see cref="Version"/>; empty if the role is not running.</summary>
    public override string ToString() => Version ?? "";
}
