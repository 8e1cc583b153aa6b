namespace Kamal.Engine.Configuration.Metadata;

/// <summary>The sections of a role and of an accessory. Facts: Kamal 2.12's documentation of each.</summary>
internal static class RoleSections
{
    private const string ModeMeaning = "a mode as chmod takes it, as \"0640\"";

    private static readonly ValueShape Mode = new TextShape
    {
        Pattern = @"^([0-7]{3,4}|[ugoa]*[-+=][rwxXst]*(,[ugoa]*[-+=][rwxXst]*)*)$",
        PatternMeaning = ModeMeaning,
    };

    public static readonly ConfigurationSection Role = new("role", "Roles", "A role is a set of hosts that run the app's image with one command: web servers, job servers. A list of hosts is enough for a role without settings of its own. The role `web` is the primary one unless `primary_role` names another; only the primary role is proxied unless another says so.")
    {
        Path = "servers/ROLE",
        Keys =
        [
            new("hosts", Shapes.TaggedHosts, "Its hosts, with or without tags.") { Example = "[ 172.1.0.3, { 172.1.0.4: experiment1 } ]" },
            new("cmd", Shapes.Text, "The command to run instead of the image's own.") { Example = "\"bin/jobs\"" },
            new("stop_timeout", Shapes.Seconds, "Seconds a container gets after SIGTERM, instead of the root's.") { Example = "30", Since = "2.12" },
            new("options", Shapes.DockerOptions, "Options of `docker run`: `--NAME VALUE`, `--NAME` for true, one option an entry for a list. `restart` replaces the restart policy `unless-stopped`.") { Example = "{ memory: 2g, cpus: 4 }" },
            new("logging", Shapes.Section(SmallSections.Logging), "Logging settings, merged over the root's.") { Example = "{ driver: local }", SeeAlso = "logging" },
            new("proxy", Shapes.Choice(Shapes.Boolean, Shapes.Section(ProxySection.Section)), "true proxies the role with the root's settings, false does not proxy it, a map is merged over the root's settings.") { Example = "{ app_port: 3001 }", SeeAlso = "proxy" },
            new("labels", Shapes.Labels, "Labels besides the root's.") { Example = "{ my-label: workers }" },
            new("env", new EnvShape(false), "Variables, merged over the root's.") { Example = "{ QUEUE: high }", SeeAlso = "env" },
            new("asset_path", Shapes.Text, "The path of assets, instead of the root's.") { Example = "/public" },
        ],
    };

    public static readonly ConfigurationSection Path = new("accessory/files", "Files and directories", "A file or directory as a map, where `LOCAL:REMOTE[:OPTIONS]` does not say enough.")
    {
        Path = "accessories/ACCESSORY/files",
        IsTopic = false,
        Keys =
        [
            new("local", Shapes.Text, "The file in the project; for a directory, its path on the host, below the accessory's own directory unless absolute.") { Example = "config/secret.key", Required = true, Since = "2.10" },
            new("remote", Names.Text(Names.HostPath), "The absolute path in the container.") { Example = "/etc/mysql/secret.key", Required = true, Since = "2.10" },
            new("mode", Mode, "The mode on the host, in quotes. Files have 755 where nothing is said.") { Example = "\"0600\"", Since = "2.10" },
            new("owner", Names.Text(Names.Owner), "The owner on the host, `USER:GROUP`. Needs root.") { Example = "\"mysql:mysql\"", Since = "2.10" },
            new("options", Names.Text(Names.MountOptions), "Mount options: `ro`, `z`, `Z`.") { Example = "\"Z\"", Since = "2.10" },
        ],
    };

    private static readonly ValueShape Paths = new ListShape(Shapes.Choice(
        new TextShape { Strict = true, Pattern = "^[^:]+:[^:]+(:.+)?$", PatternMeaning = "LOCAL:REMOTE or LOCAL:REMOTE:OPTIONS" },
        Shapes.Section(Path)));

    public static readonly ConfigurationSection Accessory = new("accessory", "Accessories", "Services beside the app, such as databases and caches, each on hosts of its own. A deploy leaves them alone: `kamal accessory boot NAME` starts one. Exactly one of host, hosts, role, roles, tag and tags says where it runs.")
    {
        Path = "accessories/ACCESSORY",
        Keys =
        [
            new("service", Names.Text(Names.Container), "The container's name and `service` label.") { Default = "SERVICE-ACCESSORY", Example = "mysql" },
            new("image", Names.Text(Names.Image), "The image, with its server unless `registry` says it.") { Example = "mysql:8.0", Required = true },
            new("registry", Shapes.Section(SmallSections.Registry), "A registry of its own; Docker Hub where nothing is said.") { Example = "{ server: ghcr.io, username: me, password: [ TOKEN ] }", SeeAlso = "registry", Since = "2.5" },
            new("host", Names.Text(Names.Host), "Its host.") { Example = "mysql-db1" },
            new("hosts", new ListShape(Names.Text(Names.Host, strict: true)) { MinimumItems = 1 }, "Its hosts.") { Example = "[ mysql-db1, mysql-db2 ]" },
            new("role", Names.Text(Names.Part), "The role on whose hosts it runs.") { Example = "web" },
            new("roles", new ListShape(Names.Text(Names.Part)), "The roles on whose hosts it runs.") { Example = "[ web ]" },
            new("tag", Shapes.Name, "The tag on whose hosts it runs.") { Example = "writer", Since = "2.6" },
            new("tags", Shapes.NamesOf, "The tags on whose hosts it runs.") { Example = "[ writer, reader ]", Since = "2.6" },
            new("cmd", Shapes.Text, "The command to run instead of the image's own.") { Example = "\"bin/mysqld\"" },
            new("port", new TextShape { Pattern = @"^(\[[0-9A-Fa-f:.]+\]:|[^:]*:)?([0-9]+(-[0-9]+)?:)?[0-9]+(-[0-9]+)?(/(tcp|udp|sctp))?$", PatternMeaning = "PORT, HOST_PORT:PORT or ADDRESS:HOST_PORT:PORT, in quotes" }, "The published port as Docker takes it; one number is the same port inside and outside. Published on all addresses unless one is given, also past most firewalls.") { Example = "\"127.0.0.1:3306:3306\"" },
            new("labels", Shapes.Labels, "Labels besides `service`.") { Example = "{ app: myapp }" },
            new("options", Shapes.DockerOptions, "Options of `docker run`, as for a role.") { Example = "{ restart: always, cpus: 2 }" },
            new("env", new EnvShape(false), "Its variables; the root's do not apply.") { Example = "{ MYSQL_ROOT_HOST: \"%\" }", SeeAlso = "env" },
            new("files", Paths, "Files of the project to upload and mount: `LOCAL:REMOTE[:OPTIONS]` or maps. A file that ends in `.erb` is evaluated first, with the accessory's variables.") { Example = "[ \"config/my.cnf.erb:/etc/mysql/my.cnf\", \"config/opts.cnf:/etc/mysql/opts.cnf:ro\" ]" },
            new("directories", Paths, "Directories to make on the host and mount, written as files are.") { Example = "[ \"mysql-logs:/var/log/mysql\" ]" },
            new("volumes", Shapes.Volumes, "Further volumes as Docker takes them; nothing is made or copied.") { Example = "[ /path/to/mysql-logs:/var/log/mysql ]" },
            new("network", Names.Text(Names.Network), "Its Docker network.") { Default = "kamal", Example = "custom", Since = "2.3" },
            new("proxy", Shapes.Section(ProxySection.Section), "How the proxy routes to it; it does not where nothing is said. The root's settings do not apply.") { Example = "{ host: search.example.com, app_port: 9200 }", SeeAlso = "proxy" },
        ],
    };
}
