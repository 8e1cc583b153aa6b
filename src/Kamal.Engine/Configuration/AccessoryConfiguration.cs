using System.Collections.Immutable;

namespace Kamal.Engine.Configuration;

/// <summary>A long-lived service that the app needs, such as a database or a cache.</summary>
/// <param name="Name">Its key in the file.</param>
public sealed record AccessoryConfiguration(string Name)
{
    /// <summary>The container's name. Defaults to <c>SERVICE-NAME</c>.</summary>
    public required string ServiceName { get; init; }

    /// <summary>The full name of its image, including the registry server.</summary>
    public required string Image { get; init; }

    /// <summary>Its hosts: as listed, or those of its roles or tags.</summary>
    public ImmutableArray<string> Hosts { get; init; } = [];

    /// <summary>Its own registry, or null for the app's.</summary>
    public RegistryConfiguration? Registry { get; init; }

    /// <summary>The port to publish, <c>[ADDRESS:]HOST:CONTAINER</c>.</summary>
    public string? Port { get; init; }

    /// <summary>The command that overrides the image's; read by the host's shell.</summary>
    public string? Command { get; init; }

    /// <summary>Additional labels.</summary>
    public ImmutableArray<EnvVariable> Labels { get; init; } = [];

    /// <summary><c>docker run</c> options, except <c>restart</c>.</summary>
    public ImmutableArray<DockerOption> Options { get; init; } = [];

    /// <summary>Docker's restart policy.</summary>
    public string RestartPolicy { get; init; } = "unless-stopped";

    /// <summary>Environment variables. The root variables do not apply.</summary>
    public EnvConfiguration Env { get; init; } = EnvConfiguration.Empty;

    /// <summary>Files to upload and mount.</summary>
    public ImmutableArray<AccessoryPath> Files { get; init; } = [];

    /// <summary>Directories to create on the host and mount.</summary>
    public ImmutableArray<AccessoryPath> Directories { get; init; } = [];

    /// <summary>Volumes, in Docker's format.</summary>
    public ImmutableArray<string> Volumes { get; init; } = [];

    /// <summary>Its Docker network.</summary>
    public string Network { get; init; } = "kamal";

    /// <summary>Proxy settings, or null if it is not proxied.</summary>
    public ProxyConfiguration? Proxy { get; init; }

    /// <summary>Whether it is proxied.</summary>
    public bool IsProxied => Proxy is not null;

    /// <summary><see cref="Name"/>.</summary>
    public override string ToString() => Name;
}

/// <summary>A file or directory of an accessory.</summary>
/// <param name="Local">For a file, its path in the project. For a directory, its path on the host, relative to the accessory's
/// directory.</param>
/// <param name="Remote">Its path in the container.</param>
public sealed record AccessoryPath(string Local, string Remote)
{
    /// <summary>The mode to set, such as <c>0640</c>. Null is 755 for files (Kamal 2.12); directories keep their mode.</summary>
    public string? Mode { get; init; }

    /// <summary>The owner to set, such as <c>1000:1000</c>.</summary>
    public string? Owner { get; init; }

    /// <summary>Mount options, such as <c>ro</c>.</summary>
    public string? Options { get; init; }

    /// <summary><c>LOCAL:REMOTE</c>, with the mount options, as in the file.</summary>
    public override string ToString() => $"{Local}:{Remote}{(Options is null ? "" : $":{Options}")}";
}
