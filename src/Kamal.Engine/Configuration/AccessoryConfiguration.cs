using System.Collections.Immutable;

namespace Kamal.Engine.Configuration;

/// <summary>A long-lived service beside the app: a database, a cache.</summary>
/// <param name="Name">Its key in the file.</param>
public sealed record AccessoryConfiguration(string Name)
{
    /// <summary>The container's name: <c>SERVICE-NAME</c>, unless the file names it.</summary>
    public required string ServiceName { get; init; }

    /// <summary>The full name of its image, with its registry's server.</summary>
    public required string Image { get; init; }

    /// <summary>Its hosts: given, or those of its roles or tags.</summary>
    public ImmutableArray<string> Hosts { get; init; } = [];

    /// <summary>Its own registry, or null for the app's.</summary>
    public RegistryConfiguration? Registry { get; init; }

    /// <summary>The published port as docker takes it, <c>[ADDRESS:]HOST:CONTAINER</c>.</summary>
    public string? Port { get; init; }

    /// <summary>The command to run instead of the image's own; text for the host's shell.</summary>
    public string? Command { get; init; }

    /// <summary>Labels besides service.</summary>
    public ImmutableArray<EnvVariable> Labels { get; init; } = [];

    /// <summary>Options of <c>docker run</c>, without <c>restart</c>.</summary>
    public ImmutableArray<DockerOption> Options { get; init; } = [];

    /// <summary>Docker's restart policy.</summary>
    public string RestartPolicy { get; init; } = "unless-stopped";

    /// <summary>Its own variables; the root's do not apply.</summary>
    public EnvConfiguration Env { get; init; } = EnvConfiguration.Empty;

    /// <summary>Files to upload and mount.</summary>
    public ImmutableArray<AccessoryPath> Files { get; init; } = [];

    /// <summary>Directories to make on the host and mount.</summary>
    public ImmutableArray<AccessoryPath> Directories { get; init; } = [];

    /// <summary>Volumes as docker takes them.</summary>
    public ImmutableArray<string> Volumes { get; init; } = [];

    /// <summary>Its Docker network.</summary>
    public string Network { get; init; } = "kamal";

    /// <summary>How the proxy routes to it, or null if it does not.</summary>
    public ProxyConfiguration? Proxy { get; init; }

    /// <summary>Whether the proxy routes to it.</summary>
    public bool IsProxied => Proxy is not null;
}

/// <summary>A file or directory of an accessory.</summary>
/// <param name="Local">For a file, its path in the project; for a directory, its path on the host (relative ones below the accessory's own directory).</param>
/// <param name="Remote">Its path in the container.</param>
public sealed record AccessoryPath(string Local, string Remote)
{
    /// <summary>The mode to set, as <c>0640</c>; files are 755 if nothing is said (Kamal 2.12), directories left alone.</summary>
    public string? Mode { get; init; }

    /// <summary>The owner to set, as <c>1000:1000</c>.</summary>
    public string? Owner { get; init; }

    /// <summary>Mount options, as <c>ro</c>.</summary>
    public string? Options { get; init; }
}
