using System.Collections.Immutable;

namespace Kamal.Engine.Configuration;

/// <summary>deploy.yml with its destination, validated and resolved, without the values of secrets. Immutable.</summary>
/// <remarks>Names, paths and defaults are Kamal 2.12's, so that both can manage the same hosts.</remarks>
public sealed record KamalConfiguration
{
    /// <summary>The project's directory: the base of relative paths, where git runs.</summary>
    public required string ProjectDirectory { get; init; }

    /// <summary>The configuration file.</summary>
    public required string ConfigFile { get; init; }

    /// <summary>The destination, or null without one.</summary>
    public string? Destination { get; init; }

    /// <summary>The service's name.</summary>
    public required string Service { get; init; }

    /// <summary>The image's name, without the registry server.</summary>
    public required string Image { get; init; }

    /// <summary>The version of this run (a parameter, <c>VERSION</c>, or the git commit), or null until it is resolved.</summary>
    public string? Version { get; init; }

    /// <summary>The roles, sorted by name as in Kamal. A plain list of servers is the role <c>web</c>.</summary>
    public ImmutableArray<RoleConfiguration> Roles { get; init; } = [];

    /// <summary>The accessories in the file's order.</summary>
    public ImmutableArray<AccessoryConfiguration> Accessories { get; init; } = [];

    /// <summary>The app's registry; <see cref="RegistryConfiguration.None"/> without one.</summary>
    public required RegistryConfiguration Registry { get; init; }

    /// <summary>How the hosts get the image.</summary>
    public ImageTransfer Transfer { get; init; }

    /// <summary>Whether the image goes to the hosts without a registry.</summary>
    public bool IsTransferredDirectly => Transfer == ImageTransfer.Direct;

    /// <summary>The registry that hosts log in to for the app and the proxy: none, if no image of the app is pulled from it.</summary>
    internal RegistryConfiguration PullRegistry => IsTransferredDirectly ? RegistryConfiguration.None : Registry;

    /// <summary>How the image is built.</summary>
    public BuilderConfiguration Builder { get; init; } = new();

    /// <summary>The root's proxy section.</summary>
    public ProxyConfiguration Proxy { get; init; } = new();

    /// <summary>The root's logging.</summary>
    public LoggingConfiguration Logging { get; init; } = LoggingConfiguration.Default;

    /// <summary>How a new version is rolled out to the hosts.</summary>
    public BootConfiguration Boot { get; init; } = new();

    /// <summary>What happens when hosts fail meanwhile.</summary>
    public RolloutConfiguration Rollout { get; init; } = new();

    /// <summary>How to log in.</summary>
    public SshConfiguration Ssh { get; init; } = new();

    /// <summary>Limits of the connections.</summary>
    public SshkitConfiguration Sshkit { get; init; } = new();

    /// <summary>Additional destinations for the deploy log.</summary>
    public OutputConfiguration Output { get; init; } = new();

    /// <summary>Volumes to mount into the app's containers, in Docker's format.</summary>
    public ImmutableArray<string> Volumes { get; init; } = [];

    /// <summary>Additional variables by host tag.</summary>
    public ImmutableDictionary<string, EnvConfiguration> EnvTags { get; init; } = ImmutableDictionary<string, EnvConfiguration>.Empty;

    /// <summary>Command lines by alias.</summary>
    public ImmutableDictionary<string, string> Aliases { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The role that must be healthy before other roles start.</summary>
    public string PrimaryRoleName { get; init; } = "web";

    /// <summary>The number of old containers and images to keep.</summary>
    public int RetainContainers { get; init; } = 5;

    /// <summary>How long a container that is not proxied must run before it counts as started.</summary>
    public TimeSpan ReadinessDelay { get; init; } = TimeSpan.FromSeconds(7);

    /// <summary>How long to wait for a new container to become healthy.</summary>
    public TimeSpan DeployTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long to wait for requests to the old container to finish.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The directory of the hooks, relative to the project or absolute.</summary>
    public string HooksPath { get; init; } = ".kamal/hooks";

    /// <summary>The path of the secrets files, without the suffixes <c>-common</c> and <c>.DESTINATION</c>.</summary>
    public string SecretsPath { get; init; } = ".kamal/secrets";

    /// <summary>A directory of error pages for the proxy, if any.</summary>
    public string? ErrorPagesPath { get; init; }

    /// <summary>Kamal's directory on the hosts, relative to the SSH user's home directory.</summary>
    public string RunDirectory { get; init; } = ".kamal";

    /// <summary>Whether to show the output of hooks that are not in <see cref="HookOutputs"/>.</summary>
    public HookOutput HookOutput { get; init; }

    /// <summary>Whether to show the output of individual hooks.</summary>
    public ImmutableDictionary<string, HookOutput> HookOutputs { get; init; } = ImmutableDictionary<string, HookOutput>.Empty;

    /// <summary>Environment variables that a template loaded with <c>Dotenv.load</c>, also available in the secrets file.</summary>
    public ImmutableDictionary<string, SecretValue> LoadedVariables { get; init; } = ImmutableDictionary<string, SecretValue>.Empty;

    /// <summary>What is valid but probably not meant, in the order of the file.</summary>
    public ImmutableArray<ConfigurationProblem> Warnings { get; init; } = [];

    /// <summary>Whether commands from the repository may run; see <see cref="ConfigurationRequest.RunsCommands"/>.</summary>
    internal bool RunsCommands { get; init; } = true;

    /// <summary>The merged file, for the output of <c>kamal config</c>.</summary>
    internal Nodes.ConfigMap? Source { get; init; }

    /// <summary>Whether nothing can be deployed without a destination.</summary>
    public bool RequiresDestination { get; init; }

    /// <summary><c>SERVICE[-DESTINATION]</c>.</summary>
    public string ServiceAndDestination => Destination is null ? Service : $"{Service}-{Destination}";

    /// <summary>The image including the registry server, without a tag.</summary>
    public string Repository => Registry.Server is null ? Image : $"{Registry.Server}/{Image}";

    /// <summary>The image, tagged with this run's version.</summary>
    public string AbsoluteImage => $"{Repository}:{RequiredVersion}";

    /// <summary>The tag of the last version that booted on all hosts: <c>latest[-DESTINATION]</c>.</summary>
    public string LatestTag => Destination is null ? "latest" : $"latest-{Destination}";

    /// <summary>The image, tagged with <see cref="LatestTag"/>.</summary>
    public string LatestImage => $"{Repository}:{LatestTag}";

    /// <summary>The version; throws if it has not been resolved.</summary>
    public string RequiredVersion => Version ?? throw new InvalidOperationException("The version was not resolved before it was needed.");

    /// <summary>The version for display: the first seven characters, unless it contains an underscore.</summary>
    public string? AbbreviatedVersion =>
        Version is null || Version.Contains('_', StringComparison.Ordinal) || Version.Length <= 7 ? Version : Version[..7];

    /// <summary><c>SERVICE@VERSION</c> with the abbreviated version, for messages.</summary>
    public string ServiceVersion => Version is null ? Service : $"{Service}@{AbbreviatedVersion}";

    /// <summary>The secrets that environment files have.</summary>
    public IReadOnlySet<string> EnvSecretNames =>
        Roles.Select(role => role.Env).Concat(Accessories.Select(accessory => accessory.Env)).Concat(EnvTags.Values)
            .SelectMany(env => env.Secret).Select(binding => binding.Key).ToHashSet();

    /// <summary>Every secret that some section names.</summary>
    internal HashSet<string> SecretNames =>
    [
        .. EnvSecretNames,
        .. Accessories.Select(accessory => accessory.Registry).Append(Registry).OfType<RegistryConfiguration>()
            .SelectMany(registry => (string?[])[registry.Username?.SecretName, registry.Password?.SecretName]).OfType<string>(),
        .. Roles.Select(role => role.Proxy).Concat(Accessories.Select(accessory => accessory.Proxy)).OfType<ProxyConfiguration>()
            .SelectMany(proxy => (string?[])[proxy.CertificatePemSecret, proxy.PrivateKeyPemSecret]).OfType<string>(),
        .. Builder.Secrets,
        .. Ssh.KeyData.Where(key => !SecretValue.IsPrivateKey(key)),
    ];

    /// <summary>The role of that name, or null.</summary>
    public RoleConfiguration? FindRole(string name) => Roles.FirstOrDefault(role => role.Name == name);

    /// <summary>The accessory of that name, or null.</summary>
    public AccessoryConfiguration? FindAccessory(string name) => Accessories.FirstOrDefault(accessory => accessory.Name == name);

    /// <summary>The primary role, or null if there are only accessories.</summary>
    public RoleConfiguration? PrimaryRole => FindRole(PrimaryRoleName);

    /// <summary>The host that stores the deploy lock: the first of the primary role, or of the first accessory.</summary>
    public string? PrimaryHost => PrimaryRole?.HostNames.FirstOrDefault() ?? AllHosts.FirstOrDefault();

    /// <summary>All hosts, of roles and accessories.</summary>
    public ImmutableArray<string> AllHosts =>
        [.. Roles.SelectMany(role => role.HostNames).Concat(Accessories.SelectMany(accessory => accessory.Hosts)).Distinct()];

    /// <summary>The hosts that run the app.</summary>
    public ImmutableArray<string> AppHosts => [.. Roles.SelectMany(role => role.HostNames).Distinct()];

    /// <summary>The hosts that run the proxy.</summary>
    public ImmutableArray<string> ProxyHosts =>
        [.. Roles.Where(role => role.IsProxied).SelectMany(role => role.HostNames)
            .Concat(Accessories.Where(accessory => accessory.IsProxied).SelectMany(accessory => accessory.Hosts)).Distinct()];

    /// <summary>The variables of a role's container on a host: the role's, then those of the host's tags.</summary>
    public EnvConfiguration EnvFor(RoleConfiguration role, string host)
    {
        var tags = role.Hosts.FirstOrDefault(mine => mine.Name == host)?.Tags ?? [];
        return tags.Where(EnvTags.ContainsKey).Aggregate(role.Env, (env, tag) => env.Merge(EnvTags[tag]));
    }

    /// <summary>How to start the proxy on a host, or null if no section sets it (then the host's boot_config files apply).</summary>
    public ProxyRunConfiguration? ProxyRunFor(string host) =>
        Roles.Where(role => role.RunsOn(host)).Select(role => role.Proxy?.Run)
            .Concat(Accessories.Where(accessory => accessory.Hosts.Contains(host)).Select(accessory => accessory.Proxy?.Run))
            .FirstOrDefault(run => run is not null);

    /// <summary><see cref="ServiceAndDestination"/>.</summary>
    public override string ToString() => ServiceAndDestination;
}

/// <summary>How a new version is rolled out to the hosts.</summary>
public sealed record BootConfiguration
{
    /// <summary>
    /// The number of hosts to boot at a time; null for all. A percentage in the file is converted to a number of at least 1.
    /// </summary>
    public int? Limit { get; init; }

    /// <summary>The time to wait between groups.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>Whether the roles on one host boot in parallel.</summary>
    public bool ParallelRoles { get; init; }

    /// <summary>What differs from the defaults, such as <c>Name=value; Name=value</c>.</summary>
    public override string ToString() => SectionText.Of(this);
}

/// <summary>Whether a hook's output is shown.</summary>
public enum HookOutput : long
{
    /// <summary>Depends on the operation's verbosity.</summary>
    Default,

    /// <summary>Hidden, unless the hook fails.</summary>
    Quiet,

    /// <summary>Shown.</summary>
    Verbose,
}
