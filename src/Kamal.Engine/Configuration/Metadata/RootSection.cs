namespace Kamal.Engine.Configuration.Metadata;

/// <summary>The root of deploy.yml. Facts: Kamal 2.12's configuration overview.</summary>
internal static class RootSection
{
    public static readonly ConfigurationSection Section = new("configuration", "Configuration", "`config/deploy.yml` says what is wanted. With `-d NAME` (`-Destination NAME`), `config/deploy.NAME.yml` is merged over it: maps key by key, everything else replaced. Keys that begin with `x-` are ignored and can hold YAML anchors.")
    {
        AllowExtensions = true,
        Keys =
        [
            new("service", Names.Text(Names.Service), "The service's name; containers begin with it.") { Example = "myapp", Required = true },
            new("image", Names.Text(Names.OptionalRepository), "The image's name, without server and tag. A registry on this machine takes the service's name where nothing is said.") { Example = "my-image" },
            new("labels", Shapes.Labels, "Labels of every app container, besides service, role and destination.") { Example = "{ my-label: my-value }" },
            new("volumes", Shapes.Volumes, "Volumes of every app container, as Docker takes them.") { Example = "[ /path/on/host:/path/in/container:ro ]" },
            new("registry", Shapes.Section(SmallSections.Registry), "Where images are kept.") { Example = "{ username: me, password: [ KAMAL_REGISTRY_PASSWORD ] }", Required = true, SeeAlso = "registry" },
            new("servers", Shapes.Choice(Shapes.TaggedHosts, Names.Map(Names.Part, Shapes.Choice(Shapes.TaggedHosts, Shapes.Section(RoleSections.Role)))), "The hosts, as a list or by role. Can be missing where there are only accessories.") { Example = "[ 172.0.0.1 ]", SeeAlso = "servers" },
            new("env", new EnvShape(true), "Environment variables of every app container.") { Example = "{ DATABASE_HOST: mysql-db1 }", SeeAlso = "env" },
            new("asset_path", Shapes.Text, "A path in the container with assets, shared between the old and the new version while both serve, so that no asset is missing. File names must change with their content. Mount options can follow a colon. Only for proxied roles.") { Example = "/path/to/assets:ro" },
            new("hooks_path", Shapes.Text, "Where hooks are.") { Default = ".kamal/hooks", Example = "/user_home/kamal/hooks" },
            new("hooks_output", Shapes.Choice(Shapes.HookLevel, Names.Map(Names.Part, Shapes.HookLevel)), "Whether hooks' output is shown: `quiet` or `verbose`, for all hooks or by hook. A failed hook's output is always in the error.") { Example = "{ pre-deploy: verbose, pre-build: quiet }", Since = "2.11" },
            new("secrets_path", Shapes.Text, "Where secrets are: `PATH-common` is read first, then `PATH`, or `PATH.DESTINATION` with a destination.") { Default = ".kamal/secrets", Example = "/user_home/kamal/secrets" },
            new("error_pages_path", Shapes.Text, "A directory of pages that the proxy serves for errors, named by status: `502.html`.") { Example = "public", Since = "2.6" },
            new("require_destination", Shapes.Boolean, "Whether a destination must be given.") { Default = "false", Example = "true" },
            new("primary_role", Names.Text(Names.Part), "The role that must be healthy before others start, and whose first host holds the lock.") { Default = "web", Example = "workers" },
            new("allow_empty_roles", Shapes.Boolean, "Whether roles may have no hosts.") { Default = "false", Example = "false" },
            new("retain_containers", new IntegerShape { Minimum = 1 }, "How many old containers and images are kept.") { Default = "5", Example = "3" },
            new("minimum_version", new TextShape { Pattern = @"^[0-9]+(\.[0-9A-Za-z]+)*$", PatternMeaning = "a version, as 2.8.0" }, "The oldest Kamal that may use this file; this module counts as Kamal 2.12.") { Example = "1.3.0" },
            new("readiness_delay", Shapes.Seconds, "Seconds that a container without proxy or health check must run to count as started.") { Default = "7", Example = "4" },
            new("deploy_timeout", Shapes.Seconds, "Seconds a container may take to become ready.") { Default = "30", Example = "10" },
            new("drain_timeout", Shapes.Seconds, "Seconds in which requests to the old container may finish.") { Default = "30", Example = "10" },
            new("stop_timeout", Shapes.Seconds, "Seconds a container gets after SIGTERM. Where nothing is said: the drain timeout for roles without proxy, Docker's 10 seconds for others.") { Example = "30", Since = "2.12" },
            new("run_directory", Names.Text(Names.HostPath), "Kamal's directory on the hosts; relative ones lie in the login's home.") { Default = ".kamal", Example = "/etc/kamal" },
            new("ssh", Shapes.Section(SmallSections.Ssh), "How to log in.") { Example = "{ user: app }", SeeAlso = "ssh" },
            new("builder", Shapes.Section(BuilderSection.Section), "How the image is built.") { Example = "{ arch: amd64 }", Required = true, SeeAlso = "builder" },
            new("accessories", Names.Map(Names.Part, Shapes.Section(RoleSections.Accessory)), "Services beside the app, by name.") { Example = "{ redis: { image: redis, host: 172.0.0.1 } }", SeeAlso = "accessory" },
            new("proxy", Shapes.Section(ProxySection.Section), "How the proxy routes to the app.") { Example = "{ host: foo.example.com }", SeeAlso = "proxy" },
            new("sshkit", Shapes.Section(SmallSections.Sshkit), "Limits of the connections.") { Example = "{ max_concurrent_starts: 10 }", SeeAlso = "sshkit" },
            new("boot", Shapes.Section(SmallSections.Boot), "How a new version starts over the hosts.") { Example = "{ limit: 25%, wait: 10 }", SeeAlso = "boot" },
            new("logging", Shapes.Section(SmallSections.Logging), "How Docker logs the containers.") { Example = "{ driver: json-file }", SeeAlso = "logging" },
            new("output", Shapes.Section(SmallSections.Output), "Further records of a deploy.") { Example = "{ file: { path: /var/log/kamal/ } }", Since = "2.12", SeeAlso = "output" },
            new("aliases", new MapShape(Shapes.Text) { KeyPattern = "^[a-z0-9_-]+$", KeyMeaning = "lower case letters, digits, hyphens and underscores only" }, "Short names for command lines.") { Example = "{ console: app exec -i --reuse bash }", SeeAlso = "alias" },
        ],
    };
}
