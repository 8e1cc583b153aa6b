using System.Collections.Immutable;

namespace Kamal.Engine.Results;

/// <summary>The proxy on a host and what it routes.</summary>
/// <param name="HostName">The host.</param>
/// <param name="State">The state of its container; <see cref="KamalContainerState.Unknown"/> if there is none.</param>
public sealed record KamalProxy(string HostName, KamalContainerState State)
{
    /// <summary>The version: the tag of its image.</summary>
    public string? Version { get; init; }

    /// <summary>Its container, or null if there is none.</summary>
    public KamalContainer? Container { get; init; }

    /// <summary>The services it routes to; none if it does not run.</summary>
    public ImmutableArray<KamalProxyService> Services { get; init; } = [];

    /// <summary>What is wrong: routes that it lost although their containers run, and why. Null if nothing is.</summary>
    public string? Problem { get; init; }
}

/// <summary>A service that a proxy routes to.</summary>
/// <param name="HostName">The host that the proxy runs on.</param>
/// <param name="Service">The proxy's name of the service: <c>SERVICE-ROLE[-DESTINATION]</c>, or an accessory's.</param>
public sealed record KamalProxyService(string HostName, string Service)
{
    /// <summary>The host names it answers to; <c>*</c> for any.</summary>
    public ImmutableArray<string> Domains { get; init; } = [];

    /// <summary>The paths it answers to.</summary>
    public ImmutableArray<string> Paths { get; init; } = [];

    /// <summary>The containers that requests go to, with their port.</summary>
    public ImmutableArray<string> Targets { get; init; } = [];

    /// <summary><c>running</c>, <c>stopped</c> (maintenance) or <c>paused</c>.</summary>
    public string State { get; init; } = "";

    /// <summary>Whether it speaks TLS.</summary>
    public bool Tls { get; init; }
}

/// <summary>How a host's boot_config files start the proxy; deploy.yml's <c>proxy.run</c> goes before them.</summary>
/// <param name="HostName">The host.</param>
/// <param name="Options">Options of <c>docker run</c>.</param>
/// <param name="Image">The image with its tag.</param>
/// <param name="RunCommand">The command, or empty for the image's own.</param>
public sealed record KamalProxyBootConfig(string HostName, string Options, string Image, string RunCommand)
{
    /// <summary>All in one line, as Kamal prints it.</summary>
    public string Text => $"{Options} {Image} {RunCommand}".TrimEnd();
}
