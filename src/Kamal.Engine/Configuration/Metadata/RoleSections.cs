namespace Kamal.Engine.Configuration.Metadata;

/// <summary>The sections of a role and of an accessory. Source: Kamal 2.12's documentation of each.</summary>
internal static class RoleSections
{
    private const string ModeMeaning = "a mode for chmod, such as \"0640\"";

    private static readonly ValueShape Mode = new TextShape
    {
        Pattern = @"^([0-7]{3,4}|[ugoa]*[-+=][rwxXst]*(,[ugoa]*[-+=][rwxXst]*)*)$",
        PatternMeaning = ModeMeaning,
    };

    public static readonly ConfigurationSection Role = new(
        "role", "Roles",
        "A role is a set of hosts that run the app's image with the same command, such as web servers or job servers. A role " +
        "without settings of its own can be a list of hosts. The primary role is `web` unless `primary_role` names another. Only " +
        "the primary role is proxied by default.")
    {
        Path = "servers/ROLE",
        Keys =
        [
            new("hosts", Shapes.TaggedHosts, "The role's hosts, with or without tags.")
            {
                Example = "[ 172.1.0.3, { 172.1.0.4: experiment1 } ]",
            },
            new("cmd", Shapes.Text, "The command to run instead of the image's own.") { Example = "\"bin/jobs\"" },
            new("stop_timeout", Shapes.Seconds, "Seconds to wait after SIGTERM before a container is killed. Overrides the root setting.")
            {
                Example = "30",
                Since = "2.12",
            },
            new(
                "options", Shapes.DockerOptions,
                "`docker run` options. Each becomes `--NAME VALUE`; true becomes `--NAME` alone, and a list becomes one option per " +
                "entry. `restart` replaces the restart policy `unless-stopped`.")
            {
                Example = "{ memory: 2g, cpus: 4 }",
            },
            new("logging", Shapes.Section(SmallSections.Logging), "Logging settings, merged over the root settings.")
            {
                Example = "{ driver: local }",
                SeeAlso = "logging",
            },
            new(
                "proxy", Shapes.Choice(Shapes.Boolean, Shapes.Section(ProxySection.Section)),
                "Whether the role is proxied. A map of settings is merged over the root settings.")
            {
                Example = "{ app_port: 3001 }",
                SeeAlso = "proxy",
            },
            new("labels", Shapes.Labels, "Additional labels for this role.") { Example = "{ my-label: workers }" },
            new("env", new EnvShape(false), "Environment variables, merged over the root variables.")
            {
                Example = "{ QUEUE: high }",
                SeeAlso = "env",
            },
            new("asset_path", Shapes.Text, "The path of assets. Overrides the root setting.") { Example = "/public" },
        ],
    };

    public static readonly ConfigurationSection Path = new(
        "accessory/files", "Files and directories",
        "A file or directory as a map, which has more settings than `LOCAL:REMOTE[:OPTIONS]`.")
    {
        Path = "accessories/ACCESSORY/files",
        IsTopic = false,
        Keys =
        [
            new(
                "local", Shapes.Text,
                "The file in the project. For a directory, its path on the host, relative to the accessory's directory.")
            {
                Example = "config/secret.key",
                Required = true,
                Since = "2.10",
            },
            new("remote", Names.Text(Names.HostPath), "The absolute path in the container.")
            {
                Example = "/etc/mysql/secret.key",
                Required = true,
                Since = "2.10",
            },
            new("mode", Mode, "The mode on the host, in quotes. Defaults to 755 for files.") { Example = "\"0600\"", Since = "2.10" },
            new("owner", Names.Text(Names.Owner), "The owner on the host, `USER:GROUP`. Requires root.")
            {
                Example = "\"mysql:mysql\"",
                Since = "2.10",
            },
            new("options", Names.Text(Names.MountOptions), "Mount options, such as `ro`, `z` or `Z`.")
            {
                Example = "\"Z\"",
                Since = "2.10",
            },
        ],
    };

    private static readonly ValueShape Paths = new ListShape(Shapes.Choice(
        new TextShape { Strict = true, Pattern = "^[^:]+:[^:]+(:.+)?$", PatternMeaning = "LOCAL:REMOTE or LOCAL:REMOTE:OPTIONS" },
        Shapes.Section(Path)));

    public static readonly ConfigurationSection Accessory = new(
        "accessory", "Accessories",
        "Additional services that the app needs, such as databases and caches, with their own hosts. A deploy does not change them; " +
        "`kamal accessory boot NAME` starts one. Each requires exactly one of host, hosts, role, roles, tag and tags.")
    {
        Path = "accessories/ACCESSORY",
        Keys =
        [
            new("service", Names.Text(Names.Container), "The container's name and `service` label.")
            {
                Default = "SERVICE-ACCESSORY",
                Example = "mysql",
            },
            new("image", Names.Text(Names.Image), "The image, including the registry server unless `registry` sets it.")
            {
                Example = "mysql:8.0",
                Required = true,
            },
            new("registry", Shapes.Section(SmallSections.Registry), "The registry of the image. Defaults to Docker Hub.")
            {
                Example = "{ server: ghcr.io, username: me, password: [ TOKEN ] }",
                SeeAlso = "registry",
                Since = "2.5",
            },
            new("host", Names.Text(Names.Host), "The host to run on.") { Example = "mysql-db1" },
            new("hosts", new ListShape(Names.Text(Names.Host, strict: true)) { MinimumItems = 1 }, "The hosts to run on.")
            {
                Example = "[ mysql-db1, mysql-db2 ]",
            },
            new("role", Names.Text(Names.Part), "The role whose hosts to run on.") { Example = "web" },
            new("roles", new ListShape(Names.Text(Names.Part)), "The roles whose hosts to run on.") { Example = "[ web ]" },
            new("tag", Shapes.Name, "The tag whose hosts to run on.") { Example = "writer", Since = "2.6" },
            new("tags", Shapes.NamesOf, "The tags whose hosts to run on.") { Example = "[ writer, reader ]", Since = "2.6" },
            new("cmd", Shapes.Text, "The command to run instead of the image's own.") { Example = "\"bin/mysqld\"" },
            new(
                "port", Names.Text(Names.PublishedPort),
                "The port to publish. A single number is the same port on the host and in the container; with `ADDRESS::PORT`, " +
                "Docker chooses the port on the host. Publish further ports with `options: publish:`. Without an address, the port " +
                "is published on all addresses and bypasses most firewalls.")
            {
                Example = "\"127.0.0.1:3306:3306\"",
            },
            new("labels", Shapes.Labels, "Additional labels.") { Example = "{ app: myapp }" },
            new("options", Shapes.DockerOptions, "`docker run` options, as for a role.") { Example = "{ restart: always, cpus: 2 }" },
            new("env", new EnvShape(false), "Environment variables. The root variables do not apply.")
            {
                Example = "{ MYSQL_ROOT_HOST: \"%\" }",
                SeeAlso = "env",
            },
            new(
                "files", Paths,
                "Files to upload and mount: `LOCAL:REMOTE[:OPTIONS]` or maps. Files that end in `.erb` are evaluated first, with " +
                "the accessory's environment variables.")
            {
                Example = "[ \"config/my.cnf.erb:/etc/mysql/my.cnf\", \"config/opts.cnf:/etc/mysql/opts.cnf:ro\" ]",
            },
            new("directories", Paths, "Directories to create on the host and mount, in the same format as `files`.")
            {
                Example = "[ \"mysql-logs:/var/log/mysql\" ]",
            },
            new("volumes", Shapes.Volumes, "Volumes to mount, in the format of Docker's `--volume`. Nothing is created or uploaded.")
            {
                Example = "[ /path/to/mysql-logs:/var/log/mysql ]",
            },
            new("network", Names.Text(Names.Network), "The Docker network to join.")
            {
                Default = Defaults.Accessory.Network,
                Example = "custom",
                Since = "2.3",
            },
            new(
                "proxy", Shapes.Section(ProxySection.Section),
                "Proxy settings. Without them, the accessory is not proxied. The root settings do not apply.")
            {
                Example = "{ host: search.example.com, app_port: 9200 }",
                SeeAlso = "proxy",
            },
        ],
    };
}
