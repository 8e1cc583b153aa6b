using System.Collections.Immutable;

namespace Kamal.Engine.Configuration;

/// <summary>What is wanted: deploy.yml with its destination, validated and resolved, without secrets' values. Immutable.</summary>
/// <remarks>Names, paths and defaults are Kamal 2.12's, so that both can work on one fleet in turn.</remarks>
public sealed record KamalConfiguration
{
    /// <summary>The directory of the project: where relative paths start and git runs.</summary>
    public required string ProjectDirectory { get; init; }

    /// <summary>The configuration file.</summary>
    public required string ConfigFile { get; init; }

    /// <summary>The destination, or null without one.</summary>
    public string? Destination { get; init; }

    /// <summary>The service's name.</summary>
    public required string Service { get; init; }

    /// <summary>The image's name without server.</summary>
    public required string Image { get; init; }

    /// <summary>The version this run is about, or null until it is resolved (given, <c>VERSION</c>, or git's commit).</summary>
    public string? Version { get; init; }

    /// <summary>The roles, sorted by name as Kamal does; a plain list of servers is the role <c>web</c>.</summary>
    public ImmutableArray<RoleConfiguration> Roles { get; init; } = [];

    /// <summary>The accessories in the file's order.</summary>
    public ImmutableArray<AccessoryConfiguration> Accessories { get; init; } = [];

    /// <summary>The app's registry.</summary>
    public required RegistryConfiguration Registry { get; init; }

    /// <summary>How the image is built.</summary>
    public BuilderConfiguration Builder { get; init; } = new();

    /// <summary>The root's proxy section.</summary>
    public ProxyConfiguration Proxy { get; init; } = new();

    /// <summary>The root's logging.</summary>
    public LoggingConfiguration Logging { get; init; } = LoggingConfiguration.Default;

    /// <summary>How a new version starts over the hosts.</summary>
    public BootConfiguration Boot { get; init; } = new();

    /// <summary>How to log in.</summary>
    public SshConfiguration Ssh { get; init; } = new();

    /// <summary>Limits of the connections.</summary>
    public SshkitConfiguration Sshkit { get; init; } = new();

    /// <summary>Further records of an operation.</summary>
    public OutputConfiguration Output { get; init; } = new();

    /// <summary>Volumes of every app container, as docker takes them.</summary>
    public ImmutableArray<string> Volumes { get; init; } = [];

    /// <summary>Variables that a host's tag adds, by tag.</summary>
    public ImmutableDictionary<string, EnvConfiguration> EnvTags { get; init; } = ImmutableDictionary<string, EnvConfiguration>.Empty;

    /// <summary>Command lines by alias.</summary>
    public ImmutableDictionary<string, string> Aliases { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The role that must be healthy before others start.</summary>
    public string PrimaryRoleName { get; init; } = "web";

    /// <summary>How many old containers and images are kept.</summary>
    public int RetainContainers { get; init; } = 5;

    /// <summary>How long a container without a proxy must run before it counts as started.</summary>
    public TimeSpan ReadinessDelay { get; init; } = TimeSpan.FromSeconds(7);

    /// <summary>How long a new container may take to become healthy.</summary>
    public TimeSpan DeployTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the old container's requests may take to end.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Where hooks are, relative to the project or absolute.</summary>
    public string HooksPath { get; init; } = ".kamal/hooks";

    /// <summary>Where secrets are, without the endings <c>-common</c> and <c>.DESTINATION</c>.</summary>
    public string SecretsPath { get; init; } = ".kamal/secrets";

    /// <summary>A directory of error pages for the proxy, if any.</summary>
    public string? ErrorPagesPath { get; init; }

    /// <summary>Kamal's directory on hosts, below the login's home unless absolute.</summary>
    public string RunDirectory { get; init; } = ".kamal";

    /// <summary>What every hook's output does, where <see cref="HookOutputs"/> has no entry.</summary>
    public HookOutput HookOutput { get; init; }

    /// <summary>What single hooks' output does.</summary>
    public ImmutableDictionary<string, HookOutput> HookOutputs { get; init; } = ImmutableDictionary<string, HookOutput>.Empty;

    /// <summary>Environment variables that the file's own template loaded with <c>Dotenv.load</c>; the secrets file sees them too.</summary>
    public ImmutableDictionary<string, Secrets.SecretValue> LoadedVariables { get; init; } = ImmutableDictionary<string, Secrets.SecretValue>.Empty;

    /// <summary>What is valid but probably not meant, in the order of the file.</summary>
    public ImmutableArray<ConfigurationProblem> Warnings { get; init; } = [];

    /// <summary>Whether commands that the repository brings may be run; see <see cref="ConfigurationRequest.RunsCommands"/>.</summary>
    internal bool RunsCommands { get; init; } = true;

    /// <summary>The merged file itself, for the form in which <c>kamal config</c> prints it.</summary>
    internal Nodes.ConfigMap? Source { get; init; }

    /// <summary><c>SERVICE[-DESTINATION]</c>.</summary>
    public string ServiceAndDestination => Destination is null ? Service : $"{Service}-{Destination}";

    /// <summary>The image with its server, without tag.</summary>
    public string Repository => Registry.Server is null ? Image : $"{Registry.Server}/{Image}";

    /// <summary>The image of this run's version.</summary>
    public string AbsoluteImage => $"{Repository}:{RequiredVersion}";

    /// <summary>The tag that marks the last version that booted everywhere: <c>latest[-DESTINATION]</c>.</summary>
    public string LatestTag => Destination is null ? "latest" : $"latest-{Destination}";

    /// <summary>The image under <see cref="LatestTag"/>.</summary>
    public string LatestImage => $"{Repository}:{LatestTag}";

    /// <summary>The version; a fault of ours if it was not resolved before.</summary>
    public string RequiredVersion => Version ?? throw new InvalidOperationException("The version was not resolved before it was needed.");

    /// <summary>The version for people: a commit's first seven characters; anything with an underscore whole.</summary>
    public string? AbbreviatedVersion => Version is null || Version.Contains('_', StringComparison.Ordinal) || Version.Length <= 7 ? Version : Version[..7];

    /// <summary><c>SERVICE@abbreviated</c>, for messages.</summary>
    public string ServiceVersion => Version is null ? Service : $"{Service}@{AbbreviatedVersion}";

    /// <summary>Every secret that some section names.</summary>
    internal HashSet<string> SecretNames =>
    [
        .. Roles.Select(role => role.Env).Concat(Accessories.Select(accessory => accessory.Env)).Concat(EnvTags.Values)
            .SelectMany(env => env.Secret).Select(binding => binding.Key),
        .. Accessories.Select(accessory => accessory.Registry).Append(Registry).OfType<RegistryConfiguration>()
            .SelectMany(registry => (string?[])[registry.Username?.SecretName, registry.Password?.SecretName]).OfType<string>(),
        .. Roles.Select(role => role.Proxy).Concat(Accessories.Select(accessory => accessory.Proxy)).OfType<ProxyConfiguration>()
            .SelectMany(proxy => (string?[])[proxy.CertificatePemSecret, proxy.PrivateKeyPemSecret]).OfType<string>(),
        .. Builder.Secrets,
        .. Ssh.KeyData.Where(key => !Secrets.LiteralSecrets.IsPrivateKey(key)),
    ];

    /// <summary>The role of that name, or null.</summary>
    public RoleConfiguration? FindRole(string name) => Roles.FirstOrDefault(role => role.Name == name);

    /// <summary>The accessory of that name, or null.</summary>
    public AccessoryConfiguration? FindAccessory(string name) => Accessories.FirstOrDefault(accessory => accessory.Name == name);

    /// <summary>The primary role, or null where there are only accessories.</summary>
    public RoleConfiguration? PrimaryRole => FindRole(PrimaryRoleName);

    /// <summary>The first host of the primary role, or else of the first accessory: it holds the deploy lock.</summary>
    public string? PrimaryHost => PrimaryRole?.HostNames.FirstOrDefault() ?? AllHosts.FirstOrDefault();

    /// <summary>All hosts, of roles and accessories.</summary>
    public ImmutableArray<string> AllHosts => [.. Roles.SelectMany(role => role.HostNames).Concat(Accessories.SelectMany(accessory => accessory.Hosts)).Distinct()];

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

    /// <summary>How to start the proxy on a host, or null where no section says so (then the boot_config files there decide).</summary>
    public ProxyRunConfiguration? ProxyRunFor(string host) =>
        Roles.Where(role => role.RunsOn(host)).Select(role => role.Proxy?.Run)
            .Concat(Accessories.Where(accessory => accessory.Hosts.Contains(host)).Select(accessory => accessory.Proxy?.Run))
            .FirstOrDefault(run => run is not null);
}

/// <summary>How a new version starts over the hosts.</summary>
public sealed record BootConfiguration
{
    /// <summary>How many hosts at once; all, if null. A percentage in the file is already a number of hosts, at least 1.</summary>
    public int? Limit { get; init; }

    /// <summary>Between groups.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>Whether the roles of one host start together.</summary>
    public bool ParallelRoles { get; init; }
}

/// <summary>Whether a hook's output is shown.</summary>
public enum HookOutput
{
    /// <summary>As the operation's own verbosity says.</summary>
    Default,

    /// <summary>Hidden, unless the hook fails.</summary>
    Quiet,

    /// <summary>Shown.</summary>
    Verbose,
}
