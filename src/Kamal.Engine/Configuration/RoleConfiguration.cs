using System.Collections.Immutable;

namespace Kamal.Engine.Configuration;

/// <summary>A role: hosts that run the app's image with the same command. Root settings are merged in.</summary>
public sealed record RoleConfiguration(string Name)
{
    /// <summary>Its hosts, in the file's order.</summary>
    public ImmutableArray<TaggedHost> Hosts { get; init; } = [];

    /// <summary>The command that overrides the image's; read by the host's shell.</summary>
    public string? Command { get; init; }

    /// <summary>Additional labels, of the root and the role.</summary>
    public ImmutableArray<EnvVariable> Labels { get; init; } = [];

    /// <summary><c>docker run</c> options, except <c>restart</c>.</summary>
    public ImmutableArray<DockerOption> Options { get; init; } = [];

    /// <summary>Docker's restart policy.</summary>
    public string RestartPolicy { get; init; } = "unless-stopped";

    /// <summary>The role's variables, merged over the root's, without those of tags.</summary>
    public EnvConfiguration Env { get; init; } = EnvConfiguration.Empty;

    /// <summary>The role's logging, merged over the root's.</summary>
    public LoggingConfiguration Logging { get; init; } = LoggingConfiguration.Default;

    /// <summary>Proxy settings, or null if it is not proxied.</summary>
    public ProxyConfiguration? Proxy { get; init; }

    /// <summary>The path in the container of assets that are bridged between versions; proxied roles only.</summary>
    public string? AssetPath { get; init; }

    /// <summary>Mount options of the asset volume, such as <c>ro</c>.</summary>
    public string? AssetPathOptions { get; init; }

    /// <summary>Seconds to wait for a container to stop, if the role or the root sets it.</summary>
    public string? StopTimeout { get; init; }

    /// <summary>Whether it is proxied.</summary>
    public bool IsProxied => Proxy is not null;

    /// <summary>Whether assets are bridged.</summary>
    public bool HasAssets => IsProxied && !string.IsNullOrEmpty(AssetPath);

    /// <summary>The names of its hosts.</summary>
    public IEnumerable<string> HostNames => Hosts.Select(host => host.Name);

    /// <summary>Whether it runs on a host.</summary>
    public bool RunsOn(string host) => Hosts.Any(mine => mine.Name == host);

    /// <summary><see cref="Name"/>.</summary>
    public override string ToString() => Name;
}

/// <summary>A host of a role, with tags that add environment variables.</summary>
/// <param name="Name">The host's name in the file.</param>
public sealed record TaggedHost(string Name, ImmutableArray<string> Tags)
{
    /// <summary><see cref="Name"/>.</summary>
    public override string ToString() => Name;
}

/// <summary>
/// A <c>docker run</c> option: <c>--name value</c>, or <c>--name</c> alone. A list in the file becomes one option per entry.
/// </summary>
/// <param name="Name">The option without dashes.</param>
/// <param name="Value">The value, or null for a flag (<c>true</c> in the file).</param>
public sealed record DockerOption(string Name, string? Value)
{
    /// <summary><c>NAME=VALUE</c>, or the name alone.</summary>
    public override string ToString() => Value is null ? Name : $"{Name}={Value}";
}
