using System.Collections.Immutable;

namespace Kamal.Engine.Configuration;

/// <summary>A role: the hosts that run the app's image with one command. Root settings are already merged in.</summary>
public sealed record RoleConfiguration(string Name)
{
    /// <summary>Its hosts, in the file's order.</summary>
    public ImmutableArray<TaggedHost> Hosts { get; init; } = [];

    /// <summary>The command to run instead of the image's own; text for the host's shell.</summary>
    public string? Command { get; init; }

    /// <summary>Labels besides service, role and destination: the root's and the role's own.</summary>
    public ImmutableArray<EnvVariable> Labels { get; init; } = [];

    /// <summary>Options of <c>docker run</c>, without <c>restart</c>.</summary>
    public ImmutableArray<DockerOption> Options { get; init; } = [];

    /// <summary>Docker's restart policy.</summary>
    public string RestartPolicy { get; init; } = "unless-stopped";

    /// <summary>The root's variables with the role's over them, without those of tags.</summary>
    public EnvConfiguration Env { get; init; } = EnvConfiguration.Empty;

    /// <summary>The root's logging with the role's over it.</summary>
    public LoggingConfiguration Logging { get; init; } = LoggingConfiguration.Default;

    /// <summary>How the proxy routes to it, or null if it does not.</summary>
    public ProxyConfiguration? Proxy { get; init; }

    /// <summary>The path of assets in the container that are bridged between versions; only for proxied roles.</summary>
    public string? AssetPath { get; init; }

    /// <summary>Mount options of the asset volume, as <c>ro</c>.</summary>
    public string? AssetPathOptions { get; init; }

    /// <summary>Seconds a container gets to stop, if the role or the root says so.</summary>
    public string? StopTimeout { get; init; }

    /// <summary>Whether the proxy routes to it.</summary>
    public bool IsProxied => Proxy is not null;

    /// <summary>Whether assets are bridged.</summary>
    public bool HasAssets => IsProxied && !string.IsNullOrEmpty(AssetPath);

    /// <summary>The names of its hosts.</summary>
    public IEnumerable<string> HostNames => Hosts.Select(host => host.Name);

    /// <summary>Whether a host is one of its own.</summary>
    public bool RunsOn(string host) => Hosts.Any(mine => mine.Name == host);
}

/// <summary>A host of a role, with the tags that give it further environment variables.</summary>
/// <param name="Name">The host as the file names it.</param>
public sealed record TaggedHost(string Name, ImmutableArray<string> Tags);

/// <summary>An option handed to <c>docker run</c>: <c>--name value</c>, or <c>--name</c> alone. A list in the file becomes one option an entry.</summary>
/// <param name="Name">The option without dashes.</param>
/// <param name="Value">Its value, or null for a flag (<c>true</c> in the file).</param>
public sealed record DockerOption(string Name, string? Value);
