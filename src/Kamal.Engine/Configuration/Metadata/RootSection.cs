namespace Kamal.Engine.Configuration.Metadata;

/// <summary>The root of deploy.yml. Source: Kamal 2.12's configuration overview.</summary>
internal static class RootSection
{
    public static readonly ConfigurationSection Section = new(
        "configuration", "Configuration",
        "`config/deploy.yml` describes the app and where it runs. With `-d NAME` (`-Destination NAME`), `config/deploy.NAME.yml` is " +
        "merged over it: maps are merged key by key, other values are replaced. Keys that begin with `x-` are ignored, except " +
        "`x-kamal-ps`, and can hold YAML anchors.")
    {
        AllowExtensions = true,
        Keys =
        [
            new("service", Names.Text(Names.Service), "The name of the service, used as the prefix of container names.")
            {
                Example = "myapp",
                Required = true,
            },
            new(
                "image", Names.Text(Names.OptionalRepository),
                "The name of the image, without the registry server and tag. With a local registry or none, defaults to the service " +
                "name.")
            {
                Example = "my-image",
            },
            new("labels", Shapes.Labels, "Additional labels for the app's containers. service, role and destination are reserved.")
            {
                Example = "{ my-label: my-value }",
            },
            new("volumes", Shapes.Volumes, "Volumes to mount into the app's containers, in the format of Docker's `--volume`.")
            {
                Example = "[ /path/on/host:/path/in/container:ro ]",
            },
            new(
                "registry", Shapes.Section(SmallSections.Registry),
                "The registry that stores the images. Without one, the image goes to the hosts over their SSH connections; Kamal " +
                "requires this section.")
            {
                Example = "{ username: me, password: [ KAMAL_REGISTRY_PASSWORD ] }",
                SeeAlso = "registry",
            },
            new(
                "servers",
                Shapes.Choice(
                    Shapes.TaggedHosts,
                    Names.Map(Names.Part, Shapes.Choice(Shapes.TaggedHosts, Shapes.Section(RoleSections.Role)))),
                "The hosts, as a list or by role. Optional if there are accessories.")
            {
                Example = "[ 172.0.0.1 ]",
                SeeAlso = "servers",
            },
            new("env", new EnvShape(true), "Environment variables for the app's containers.")
            {
                Example = "{ DATABASE_HOST: mysql-db1 }",
                SeeAlso = "env",
            },
            new(
                "asset_path", Shapes.Text,
                "The path of assets in the container. Assets of the old and the new version are available from both while both " +
                "serve requests. File names must change with their content. Mount options can follow a colon. Proxied roles only.")
            {
                Example = "/path/to/assets:ro",
            },
            new("hooks_path", Shapes.Text, "The directory of the hooks.")
            {
                Default = Defaults.Root.HooksPath,
                Example = "/user_home/kamal/hooks",
            },
            new(
                "hooks_output", Shapes.Choice(Shapes.HookLevel, Names.Map(Names.Part, Shapes.HookLevel)),
                "Whether to show the output of hooks: `quiet` or `verbose`, for all hooks or per hook. The output of a failed hook " +
                "is always shown in the error.")
            {
                Example = "{ pre-deploy: verbose, pre-build: quiet }",
                Since = "2.11",
            },
            new(
                "secrets_path", Shapes.Text,
                "The path of the secrets files. `PATH-common` is read first, then `PATH`, or `PATH.DESTINATION` with a destination.")
            {
                Default = Defaults.Root.SecretsPath,
                Example = "/user_home/kamal/secrets",
            },
            new(
                "error_pages_path", Shapes.Text,
                "A directory of error pages for the proxy to serve, named by HTTP status, such as `502.html`.")
            {
                Example = "public",
                Since = "2.6",
            },
            new("require_destination", Shapes.Boolean, "Whether a destination is required.") { Default = "false", Example = "true" },
            new(
                "primary_role", Names.Text(Names.Part),
                "The role that must be healthy before other roles start. Its first host holds the deploy lock.")
            {
                Default = Defaults.Root.PrimaryRoleName,
                Example = "workers",
            },
            new("allow_empty_roles", Shapes.Boolean, "Whether roles without hosts are allowed.") { Default = "false", Example = "false" },
            new("retain_containers", new IntegerShape { Minimum = 1 }, "The number of old containers and images to keep.")
            {
                Default = Defaults.Of(Defaults.Root.RetainContainers),
                Example = "3",
            },
            new(
                "minimum_version",
                new TextShape { Pattern = @"^[0-9]+(\.[0-9A-Za-z]+)*$", PatternMeaning = "a version, such as 2.8.0" },
                "The minimum version of Kamal that can use this file. This module counts as Kamal 2.12.")
            {
                Example = "1.3.0",
            },
            new(
                "readiness_delay", Shapes.Seconds,
                "Seconds that a container without a proxy or health check must run before it counts as started.")
            {
                Default = Defaults.Of(Defaults.Root.ReadinessDelay),
                Example = "4",
            },
            new("deploy_timeout", Shapes.Seconds, "Seconds to wait for a container to become ready.")
            {
                Default = Defaults.Of(Defaults.Root.DeployTimeout),
                Example = "10",
            },
            new("drain_timeout", Shapes.Seconds, "Seconds to wait for requests to the old container to finish.")
            {
                Default = Defaults.Of(Defaults.Root.DrainTimeout),
                Example = "10",
            },
            new(
                "stop_timeout", Shapes.Seconds,
                "Seconds to wait after SIGTERM before a container is killed. Defaults to the drain timeout for roles that are not " +
                "proxied, and to Docker's 10 seconds for others.")
            {
                Example = "30",
                Since = "2.12",
            },
            new("run_directory", Names.Text(Names.HostPath), "Kamal's directory on the hosts, relative to the SSH user's home directory.")
            {
                Default = Defaults.Root.RunDirectory,
                Example = "/etc/kamal",
            },
            new("ssh", Shapes.Section(SmallSections.Ssh), "SSH settings.") { Example = "{ user: app }", SeeAlso = "ssh" },
            new("builder", Shapes.Section(BuilderSection.Section), "Build settings.")
            {
                Example = "{ arch: amd64 }",
                Required = true,
                SeeAlso = "builder",
            },
            new("accessories", Names.Map(Names.Part, Shapes.Section(RoleSections.Accessory)), "Additional services, by name.")
            {
                Example = "{ redis: { image: redis, host: 172.0.0.1 } }",
                SeeAlso = "accessory",
            },
            new("proxy", Shapes.Section(ProxySection.Section), "Proxy settings.")
            {
                Example = "{ host: foo.example.com }",
                SeeAlso = "proxy",
            },
            new("sshkit", Shapes.Section(SmallSections.Sshkit), "Connection limits.")
            {
                Example = "{ max_concurrent_starts: 10 }",
                SeeAlso = "sshkit",
            },
            new("boot", Shapes.Section(SmallSections.Boot), "How a new version is rolled out to the hosts.")
            {
                Example = "{ limit: 25%, wait: 10 }",
                SeeAlso = "boot",
            },
            new("logging", Shapes.Section(SmallSections.Logging), "How Docker stores the containers' logs.")
            {
                Example = "{ driver: json-file }",
                SeeAlso = "logging",
            },
            new("output", Shapes.Section(SmallSections.Output), "Additional destinations for the deploy log.")
            {
                Example = "{ file: { path: /var/log/kamal/ } }",
                Since = "2.12",
                SeeAlso = "output",
            },
            new(
                "aliases",
                new MapShape(Shapes.Text)
                {
                    KeyPattern = "^[a-z0-9_-]+$",
                    KeyMeaning = "lowercase letters, digits, hyphens and underscores",
                },
                "Shortcuts for command lines.")
            {
                Example = "{ console: app exec -i --reuse bash }",
                SeeAlso = "alias",
            },
            new(OwnSection.Name, Shapes.Section(OwnSection.Section), "Settings of this module, which Kamal ignores.")
            {
                Example = "{ on_host_failure: rollback }",
                SeeAlso = OwnSection.Name,
            },
        ],
    };
}
