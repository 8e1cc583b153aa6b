using System.Collections.Immutable;
using System.Globalization;
using Kamal.Engine.Configuration.Metadata;
using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Engine.Configuration.Loading;

/// <summary>Converts a valid configuration to the engine's records.</summary>
internal static class ConfigurationResolver
{
    public static KamalConfiguration Resolve(ConfigMap root, ConfigurationRequest request, string file)
    {
        var service = root.Text("service")!;
        var registry = root.Map("registry") is { } given ? ValueResolver.Registry(given) : RegistryConfiguration.None;
        var transfer = RuleContext.Of(root, request);
        var roles = RoleResolver.Resolve(root);
        var accessories = AccessoryResolver.Resolve(root);
        var configuration = new KamalConfiguration
        {
            ProjectDirectory = request.ProjectDirectory,
            ConfigFile = file,
            Destination = request.Destination,
            RequiresDestination = root.Flag("require_destination") == true,
            Version = request.Version,
            Service = service,
            Image = root.Text("image") ?? service,
            Registry = registry,
            Transfer = transfer,
            Roles = roles,
            Accessories = accessories,
            Builder = Builder(root.Map("builder")!, transfer) with
            {
                Dotnet = Dotnet(root.Map(OwnSection.Name).Map("builder").Map("dotnet")),
            },
            EnvTags = root.Map("env").EntriesOf("tags")
                .ToImmutableDictionary(tag => tag.Key, tag => ValueResolver.Env((ConfigMap)tag.Value)),
            Proxy = ProxyResolver.Resolve(root.Map("proxy") ?? new(root.Position, [])),
            Logging = ValueResolver.Logging(root.Map("logging"), null),
            Boot = Boot(
                root.Map("boot"),
                roles.SelectMany(role => role.HostNames).Concat(accessories.SelectMany(accessory => accessory.Hosts)).Distinct().Count()),
            Rollout = Rollout(root.Map("x-kamal-ps")),
            Ssh = Ssh(root.Map("ssh")),
            Sshkit = Sshkit(root.Map("sshkit")),
            Output = new()
            {
                FilePath = root.Map("output").Map("file").Text("path"),
                OtelEndpoint = root.Map("output").Map("otel").Text("endpoint"),
            },
            Volumes = root.Texts("volumes") ?? ImmutableArray<string>.Empty,
            Aliases = root.EntriesOf("aliases").ToImmutableDictionary(alias => alias.Key, alias => ((ConfigScalar)alias.Value).Text),
            ErrorPagesPath = root.Text("error_pages_path"),
            HookOutput = root.Scalar("hooks_output") is { } level ? Level(level) : HookOutput.Default,
            HookOutputs = root.EntriesOf("hooks_output").ToImmutableDictionary(hook => hook.Key, hook => Level((ConfigScalar)hook.Value)),
            Source = root,
        };
        return configuration with
        {
            PrimaryRoleName = root.Text("primary_role") ?? configuration.PrimaryRoleName,
            RetainContainers = root.Number("retain_containers") ?? configuration.RetainContainers,
            ReadinessDelay = root.Duration("readiness_delay") ?? configuration.ReadinessDelay,
            DeployTimeout = root.Duration("deploy_timeout") ?? configuration.DeployTimeout,
            DrainTimeout = root.Duration("drain_timeout") ?? configuration.DrainTimeout,
            HooksPath = root.Text("hooks_path") ?? configuration.HooksPath,
            SecretsPath = root.Text("secrets_path") ?? configuration.SecretsPath,
            RunDirectory = root.Text("run_directory") ?? configuration.RunDirectory,
        };
    }

    private static HookOutput Level(ConfigScalar level) => level.Text == "verbose" ? HookOutput.Verbose : HookOutput.Quiet;

    /// <summary>
    /// Whether an image needs another builder than the engine's own, which an image that is transferred directly is built with by default.
    /// </summary>
    private static bool NeedsOwnBuilder(ConfigMap builder) =>
        builder.Text("driver") is not (null or "docker") || builder.Has("remote") || builder.Has("cache");

    private static BuilderConfiguration Builder(ConfigMap map, ImageTransfer transfer)
    {
        var standard = Defaults.Root.Builder;
        if (transfer == ImageTransfer.Direct && !NeedsOwnBuilder(map)) standard = standard with { Driver = "docker" };
        var cache = map.Map("cache");
        return standard with
        {
            Driver = map.Text("driver") ?? standard.Driver,
            Architectures = Platforms.Read(map.Texts("arch") ?? []),
            Remote = map.Text("remote"),
            Local = map.Flag("local") ?? standard.Local,
            Context = map.Text("context"),
            Dockerfile = map.Text("dockerfile") ?? standard.Dockerfile,
            Target = map.Text("target"),
            Args = ValueResolver.Variables(map.Map("args")),
            Secrets = map.Texts("secrets") ?? ImmutableArray<string>.Empty,
            Ssh = map.Text("ssh"),
            Cache = cache.Text("type") is { } type
                ? new(type) { Options = cache.Text("options")?.Trim(), Image = cache.Text("image") }
                : null,
            Provenance = map.Text("provenance"),
            Sbom = map.Text("sbom"),
            PackBuilder = map.Map("pack").Text("builder"),
            Buildpacks = map.Map("pack").Texts("buildpacks") ?? ImmutableArray<string>.Empty,
        };
    }

    private static DotnetConfiguration? Dotnet(ConfigMap? map)
    {
        if (map is null) return null;
        var standard = new DotnetConfiguration();
        return standard with
        {
            Project = map.Text("project") ?? standard.Project,
            Configuration = map.Text("configuration") ?? standard.Configuration,
            Framework = map.Text("framework"),
            SelfContained = map.Flag("self_contained"),
            Musl = map.Flag("musl") ?? standard.Musl,
            Properties = ValueResolver.Variables(map.Map("properties")),
        };
    }

    private static BootConfiguration Boot(ConfigMap? map, int hosts)
    {
        int? limit = map.Text("limit") switch
        {
            null => null,
            [.. var percent, '%'] => (int)Math.Max(1, hosts * long.Parse(percent, CultureInfo.InvariantCulture) / 100),
            var count => int.Parse(count, CultureInfo.InvariantCulture),
        };
        var standard = Defaults.Root.Boot;
        return new()
        {
            Limit = limit,
            Wait = map.Duration("wait") ?? standard.Wait,
            ParallelRoles = map.Flag("parallel_roles") ?? standard.ParallelRoles,
        };
    }

    private static RolloutConfiguration Rollout(ConfigMap? map)
    {
        var standard = Defaults.Root.Rollout;
        return standard with
        {
            OnHostFailure = map.Text("on_host_failure") is { } action
                ? Enum.Parse<HostFailureAction>(action, ignoreCase: true)
                : standard.OnHostFailure,
            MaxFailure = map.Text("max_failure") is { } limit && FailureLimit.TryParse(limit, out var parsed) ? parsed : null,
            SkipUnreachable = map.Flag("skip_unreachable") ?? standard.SkipUnreachable,
            ExcludedHosts = map.Texts("exclude_hosts") ?? standard.ExcludedHosts,
            Watch = map.Text("watch") is { } watch && ShortTime.TryParse(watch, out var time) ? time : null,
            MaxErrorRate = map.Text("max_error_rate") is { } rate
                && double.TryParse(rate.TrimEnd('%'), NumberStyles.Float, CultureInfo.InvariantCulture, out var percent)
                ? percent
                : standard.MaxErrorRate,
        };
    }

    private static SshConfiguration Ssh(ConfigMap? map)
    {
        var config = map?["config"];
        return new()
        {
            User = map.Text("user"),
            Port = map.Number("port"),
            Proxy = map.Text("proxy"),
            ProxyCommand = map.Text("proxy_command"),
            Keys = map.Texts("keys"),
            KeyData = map.Texts("key_data") ?? ImmutableArray<string>.Empty,
            KeysOnly = map.Flag("keys_only"),
            UseConfigFiles = config is not ConfigScalar { IsFalse: true },
            ConfigFiles = config is ConfigScalar { Kind: ScalarKind.Boolean } ? [] : map.Texts("config") ?? ImmutableArray<string>.Empty,
            ForwardAgent = map.Flag("forward_agent"),
            LogLevel = map.Text("log_level")?.ToLowerInvariant() ?? Defaults.Root.Ssh.LogLevel,
        };
    }

    private static SshkitConfiguration Sshkit(ConfigMap? map)
    {
        var standard = Defaults.Root.Sshkit;
        return standard with
        {
            MaxConcurrentStarts = map.Number("max_concurrent_starts") ?? standard.MaxConcurrentStarts,
            PoolIdleTimeout = map.Duration("pool_idle_timeout") ?? standard.PoolIdleTimeout,
            DnsRetries = map.Number("dns_retries") ?? standard.DnsRetries,
        };
    }
}
