using System.Collections.Immutable;

namespace Kamal.Engine.Configuration.Metadata;

/// <summary>The sections with few keys. Facts: Kamal 2.12's documentation of each.</summary>
internal static class SmallSections
{
    public static readonly ConfigurationSection Registry = new("registry", "Registry", "Where the app's image is pushed and pulled: Docker Hub, any other registry, or one on this machine. With `server: localhost:PORT` a registry runs here and the hosts reach it through their SSH connections, without a login. A credential is the value itself or, better, a list with the name of a secret.")
    {
        Path = "registry",
        Keys =
        [
            new("server", Names.Text(Names.Registry), "Host and port; Docker Hub where nothing is said.") { Example = "registry.example.com" },
            new("username", Shapes.Credential, "Who logs in. Needed unless the registry is on this machine.") { Example = "[ REGISTRY_USER ]" },
            new("password", Shapes.Credential, "With which password or token. Needed unless the registry is on this machine.") { Example = "[ KAMAL_REGISTRY_PASSWORD ]" },
        ],
    };

    public static readonly ConfigurationSection Logging = new("logging", "Logging", "How Docker logs the containers. A role's section is merged over the root's. Without any, logs rotate at 10 MB.")
    {
        Path = "logging",
        Keys =
        [
            new("driver", Shapes.Name, "The log driver; the engine's own choice where nothing is said.") { Example = "json-file" },
            new("options", Shapes.ScalarMap, "Options of the driver, each `--log-opt NAME=VALUE`.") { Example = "{ max-size: 100m }" },
        ],
    };

    public static readonly ConfigurationSection Boot = new("boot", "Booting", "How a new version starts over the hosts: everywhere at once, or in groups.")
    {
        Path = "boot",
        Keys =
        [
            new("limit", Shapes.Choice(new IntegerShape { Minimum = 1 }, new TextShape { Strict = true, Pattern = @"^([1-9][0-9]{0,8}|[0-9]{1,3}%)$", PatternMeaning = "a number of hosts or a percentage, as 25%" }), "How many hosts start at a time: a number, or a percentage of all hosts (at least one host).") { Example = "25%" },
            new("wait", Shapes.Seconds, "Seconds between two groups.") { Default = "0", Example = "10" },
            new("parallel_roles", Shapes.Boolean, "Whether the roles of one host start together instead of one after another.") { Default = "false", Example = "true", Since = "2.10" },
        ],
    };

    public static readonly ConfigurationSection Ssh = new("ssh", "SSH", "How to log in to the hosts. What is not said here comes from OpenSSH's configuration.")
    {
        Path = "ssh",
        Keys =
        [
            new("user", Names.Text(Names.User), "The account; it must be allowed to run docker.") { Default = "root", Example = "app" },
            new("port", new TextShape { Pattern = "^[0-9]{1,5}$", PatternMeaning = "a port number" }, "The port.") { Default = "22", Example = "\"2222\"" },
            new("proxy", Names.Text(Names.Jump), "A jump host, `HOST` or `USER@HOST`; root where no user is given.") { Example = "root@proxy-host" },
            new("proxy_command", Shapes.Text, "A command whose standard input and output are the connection.") { Example = "\"ssh -W %h:%p user@proxy\"" },
            new("log_level", Shapes.OneOf("debug", "info", "warn", "error", "fatal", "unknown"), "How much of the SSH traffic is shown.") { Default = "fatal", Example = "debug" },
            new("keys_only", Shapes.Boolean, "Whether only `keys` and `key_data` are tried, not the agent's other keys.") { Example = "false" },
            new("keys", Shapes.Texts, "Files with private keys.") { Example = "[ \"~/.ssh/id.pem\" ]" },
            new("key_data", Shapes.Texts, "Names of secrets that hold private keys. A key itself works too but is deprecated.") { Example = "[ SSH_PRIVATE_KEY ]" },
            new("config", Shapes.Choice(Shapes.Boolean, new TextShape { Strict = true }, Shapes.Texts), "Whether OpenSSH's configuration is read; or which file or files to read instead of the usual ones.") { Default = "true", Example = "[ \"~/.ssh/myconfig\" ]", Since = "2.1" },
            new("forward_agent", Shapes.Boolean, "Whether the local agent can be used from the hosts.") { Example = "false", Since = "2.12" },
        ],
    };

    public static readonly ConfigurationSection Sshkit = new("sshkit", "Connections", "Limits of the connections. The defaults do for most fleets. (Named after the library that Kamal uses.)")
    {
        Path = "sshkit",
        Keys =
        [
            new("max_concurrent_starts", new IntegerShape { Minimum = 1 }, "How many connections are set up at the same time.") { Default = "30", Example = "10" },
            new("pool_idle_timeout", Shapes.Seconds, "Seconds for which an idle connection is kept.") { Default = "900", Example = "300" },
            new("dns_retries", Shapes.Choice(new IntegerShape(), new TextShape { Strict = true, Pattern = "^[0-9]{1,9}$", PatternMeaning = "a number" }), "How often a failed name look-up is tried again; 0 for never.") { Default = "3", Example = "3", Since = "2.9" },
        ],
    };

    public static readonly ConfigurationSection OutputOtel = new("output/otel", "OpenTelemetry", "Sends the deploy's log to a collector, OTLP over HTTP, with service, version, performer and destination as attributes.")
    {
        Path = "output/otel",
        IsTopic = false,
        Keys = [new("endpoint", new TextShape { Pattern = "^https?://.+", PatternMeaning = "an address that begins with http:// or https://" }, "The collector's address.") { Example = "http://otel-gateway:4318", Required = true, Since = "2.12" }],
    };

    public static readonly ConfigurationSection OutputFile = new("output/file", "Log files", "Writes each deploy's log to a file of its own on this machine.")
    {
        Path = "output/file",
        IsTopic = false,
        Keys = [new("path", Shapes.Text, "The directory of the files; their names are time and command.") { Example = "/var/log/kamal/", Required = true, Since = "2.12" }],
    };

    public static readonly ConfigurationSection Output = new("output", "Output", "Where the record of a deploy goes besides the screen.")
    {
        Path = "output",
        Keys =
        [
            new("otel", Shapes.Section(OutputOtel), "Send it to an OpenTelemetry collector.") { Example = "{ endpoint: \"http://otel-gateway:4318\" }", Since = "2.12" },
            new("file", Shapes.Section(OutputFile), "Write it to files.") { Example = "{ path: /var/log/kamal/ }", Since = "2.12" },
        ],
    };

    public static readonly ConfigurationSection Env = new("env", "Environment variables", "Variables of the containers. A plain map is passed to `docker run` as it stands. Secrets are named under `secret` and come from `.kamal/secrets`; they are written to a file on the host that only its owner can read. Where there are secrets or tags, plain variables go under `clear`. `NAME:KEY` takes the secret KEY under the name NAME.")
    {
        Path = "env",
        Keys =
        [
            new("clear", Names.Map(Names.Token, Shapes.Text), "Variables with their values. An empty text passes the name alone.") { Example = "{ DATABASE_HOST: mysql-db1 }" },
            new("secret", Shapes.Secrets, "Names of secrets, or NAME:KEY.") { Example = "[ DB_PASSWORD, \"TOKEN:MAIN_TOKEN\" ]" },
            new("tags", Names.Map(Names.Token, new EnvShape(false)), "Further variables for hosts that carry a tag. Only in the root's `env`.") { Example = "{ replica: { MYSQL_USER: readonly } }" },
        ],
    };

    public static readonly ConfigurationSection Servers = new("servers", "Servers", "The hosts of the app: a list, which is the role `web`, or a map of roles. A host may carry tags that add environment variables: `- HOST: TAG` or `- HOST: [ TAG, TAG ]`.")
    {
        Path = "servers",
        Example = "servers:\n  web:\n    - 172.0.0.1\n    - 172.0.0.2: experiments\n  workers:\n    hosts:\n      - 172.0.0.3: [ experiments, three ]\n    cmd: bin/jobs",
    };

    public static readonly ConfigurationSection Alias = new("alias", "Aliases", "Short names for command lines: with `console: app exec -i --reuse \"bin/rails console\"`, `kamal console` opens a console. Names are lower case letters, digits, hyphens and underscores, and no command of Kamal's own.")
    {
        Path = "aliases",
        Example = "aliases:\n  console: app exec -i --reuse \"bin/rails console\"\n  staging_deploy: deploy -d staging",
    };

    /// <summary>Kamal's own commands, which no alias may hide.</summary>
    public static readonly ImmutableArray<string> Commands =
    [
        "accessory", "app", "audit", "build", "config", "deploy", "details", "docs", "init", "lock", "proxy", "prune", "redeploy",
        "registry", "remove", "rollback", "secrets", "server", "setup", "upgrade", "version",
    ];
}
