using System.Collections.Immutable;

namespace Kamal.Engine.Results;

/// <summary>The proxy on a host and the services it routes to.</summary>
/// <param name="State">The state of its container; <see cref="KamalContainerState.Unknown"/> if there is none.</param>
public sealed record KamalProxy(string HostName, KamalContainerState State)
{
    /// <summary>Always <see cref="KamalContainerKind.Proxy"/>: cmdlets of the app do not take a proxy and its version.</summary>
    public KamalContainerKind Kind { get; } = KamalContainerKind.Proxy;

    /// <summary>The version: the tag of its image.</summary>
    public string? Version { get; init; }

    /// <summary>Its container, or null if there is none.</summary>
    public KamalContainer? Container { get; init; }

    /// <summary>The services it routes to; none if it is not running.</summary>
    public ImmutableArray<KamalProxyService> Services { get; init; } = [];

    /// <summary>The problem, such as missing routes to running containers and the reason. Null if there is none.</summary>
    public string? Problem { get; init; }

    /// <summary>The host, and the state of its proxy.</summary>
    public override string ToString() => $"{HostName}: {State}";
}

/// <summary>A service that a proxy routes to.</summary>
/// <param name="HostName">The host of the proxy.</param>
/// <param name="Service">The name of the service at the proxy: <c>SERVICE-ROLE[-DESTINATION]</c>, or an accessory's.</param>
public sealed record KamalProxyService(string HostName, string Service)
{
    /// <summary>The host names it serves; <c>*</c> for any.</summary>
    public ImmutableArray<string> Domains { get; init; } = [];

    /// <summary>The paths it serves.</summary>
    public ImmutableArray<string> Paths { get; init; } = [];

    /// <summary>The target containers with their ports.</summary>
    public ImmutableArray<string> Targets { get; init; } = [];

    /// <summary><c>running</c>, <c>stopped</c> (maintenance) or <c>paused</c>.</summary>
    public string State { get; init; } = "";

    /// <summary>Whether it uses TLS.</summary>
    public bool Tls { get; init; }

    /// <summary><see cref="Service"/>.</summary>
    public override string ToString() => Service;
}

/// <summary>A host's boot_config files, which deploy.yml's <c>proxy.run</c> overrides.</summary>
/// <param name="Options">Options of <c>docker run</c>.</param>
/// <param name="Image">The image with its tag.</param>
/// <param name="RunCommand">The command, or empty for the image's default.</param>
public sealed record KamalProxyBootConfig(string HostName, string Options, string Image, string RunCommand)
{
    /// <summary>The boot configuration on one line, as Kamal prints it.</summary>
    public string Text => $"{Options} {Image} {RunCommand}".TrimEnd();

    /// <summary><see cref="Text"/>.</summary>
    public override string ToString() => Text;
}
