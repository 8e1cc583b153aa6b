using System.Collections.Immutable;

namespace Kamal.Engine.Configuration.Metadata;

/// <summary>The sections with few keys. Source: Kamal 2.12's documentation of each.</summary>
internal static class SmallSections
{
    public static readonly ConfigurationSection Registry = new(
        "registry", "Registry",
        "The registry that the image is pushed to and pulled from: Docker Hub, another registry, or a local one. With `server: " +
        "localhost:PORT`, a registry runs on this machine and the hosts reach it through their SSH connections, without logging in. " +
        "A credential is a value or, preferably, a list with the name of a secret.")
    {
        Path = "registry",
        Keys =
        [
            new("server", Names.Text(Names.Registry), "The registry's host and port. Defaults to Docker Hub.")
            {
                Example = "registry.example.com",
            },
            new("username", Shapes.Credential, "The user name. Required unless the registry is local.") { Example = "[ REGISTRY_USER ]" },
            new("password", Shapes.Credential, "The password or token. Required unless the registry is local.")
            {
                Example = "[ KAMAL_REGISTRY_PASSWORD ]",
            },
        ],
    };

    public static readonly ConfigurationSection Logging = new(
        "logging", "Logging",
        "How Docker stores the containers' logs. A role's section is merged over the root section. Without either, logs are rotated " +
        "at 10 MB.")
    {
        Path = "logging",
        Keys =
        [
            new("driver", Shapes.Name, "The log driver. Defaults to the Docker engine's default.") { Example = "json-file" },
            new("options", Shapes.ScalarMap, "Log driver options, passed as `--log-opt NAME=VALUE`.") { Example = "{ max-size: 100m }" },
        ],
    };

    public static readonly ConfigurationSection Boot = new(
        "boot", "Booting", "How a new version is rolled out to the hosts: all at once, or in groups.")
    {
        Path = "boot",
        Keys =
        [
            new(
                "limit",
                Shapes.Choice(
                    new IntegerShape { Minimum = 1 },
                    new TextShape
                    {
                        Strict = true,
                        Pattern = @"^([1-9][0-9]{0,8}|[0-9]{1,3}%)$",
                        PatternMeaning = "a number of hosts or a percentage, such as 25%",
                    }),
                "The number of hosts to boot at a time, or a percentage of all hosts (at least one host). Defaults to all hosts.")
            {
                Example = "25%",
            },
            new("wait", Shapes.Seconds, "Seconds to wait between groups.")
            {
                Default = Defaults.Of(Defaults.Root.Boot.Wait),
                Example = "10",
            },
            new("parallel_roles", Shapes.Boolean, "Whether the roles on one host boot in parallel instead of one after another.")
            {
                Default = Defaults.Of(Defaults.Root.Boot.ParallelRoles),
                Example = "true",
                Since = "2.10",
            },
        ],
    };

    public static readonly ConfigurationSection Ssh = new(
        "ssh", "SSH", "How to log in to the hosts. Settings that are not set here come from the OpenSSH configuration.")
    {
        Path = "ssh",
        Keys =
        [
            new("user", Names.Text(Names.User), "The user to log in as, who must be allowed to run Docker.")
            {
                Default = "root",
                Example = "app",
            },
            new("port", new TextShape { Pattern = "^[0-9]{1,5}$", PatternMeaning = "a port number" }, "The SSH port.")
            {
                Default = "22",
                Example = "\"2222\"",
            },
            new("proxy", Names.Text(Names.Jump), "A jump host, `HOST` or `USER@HOST`. USER defaults to root.")
            {
                Example = "root@proxy-host",
            },
            new("proxy_command", Shapes.Text, "A command to connect through, using its standard input and output.")
            {
                Example = "\"ssh -W %h:%p user@proxy\"",
            },
            new(
                "log_level", new TextShape { Allowed = ["debug", "info", "warn", "error", "fatal", "unknown"], AnyCase = true },
                "The log level of SSH messages.")
            {
                Default = Defaults.Root.Ssh.LogLevel,
                Example = "debug",
            },
            new("keys_only", Shapes.Boolean, "Whether to use only `keys` and `key_data`, and not other keys from the agent.")
            {
                Example = "false",
            },
            new("keys", Shapes.Texts, "Private key files.") { Example = "[ \"~/.ssh/id.pem\" ]" },
            new("key_data", Shapes.Texts, "Names of secrets that hold private keys. Keys themselves are accepted but deprecated.")
            {
                Example = "[ SSH_PRIVATE_KEY ]",
            },
            new(
                "config", Shapes.Choice(Shapes.Boolean, new TextShape { Strict = true }, Shapes.Texts),
                "Whether to read the OpenSSH configuration, or the file or files to read instead of the default ones.")
            {
                Default = Defaults.Of(Defaults.Root.Ssh.UseConfigFiles),
                Example = "[ \"~/.ssh/myconfig\" ]",
                Since = "2.1",
            },
            new("forward_agent", Shapes.Boolean, "Whether to forward the SSH agent to the hosts.") { Example = "false", Since = "2.12" },
        ],
    };

    public static readonly ConfigurationSection Sshkit = new(
        "sshkit", "Connections", "Connection limits. The defaults suit most projects. (Named after the library that Kamal uses.)")
    {
        Path = "sshkit",
        Keys =
        [
            new("max_concurrent_starts", new IntegerShape { Minimum = 1 }, "The maximum number of connections to start at the same time.")
            {
                Default = Defaults.Of(Defaults.Root.Sshkit.MaxConcurrentStarts),
                Example = "10",
            },
            new("pool_idle_timeout", Shapes.Seconds, "Seconds before an idle connection is closed.")
            {
                Default = Defaults.Of(Defaults.Root.Sshkit.PoolIdleTimeout),
                Example = "300",
            },
            new(
                "dns_retries",
                Shapes.Choice(new IntegerShape(), new TextShape { Strict = true, Pattern = "^[0-9]{1,9}$", PatternMeaning = "a number" }),
                "The number of times to retry a failed DNS lookup; 0 for none.")
            {
                Default = Defaults.Of(Defaults.Root.Sshkit.DnsRetries),
                Example = "3",
                Since = "2.9",
            },
        ],
    };

    public static readonly ConfigurationSection OutputOtel = new(
        "output/otel", "OpenTelemetry",
        "Sends the deploy log to a collector (OTLP over HTTP), with service, version, performer and destination as attributes.")
    {
        Path = "output/otel",
        IsTopic = false,
        Keys =
        [
            new(
                "endpoint",
                new TextShape { Pattern = "^https?://.+", PatternMeaning = "a URL that begins with http:// or https://" },
                "The URL of the collector.")
            {
                Example = "http://otel-gateway:4318",
                Required = true,
                Since = "2.12",
            },
        ],
    };

    public static readonly ConfigurationSection OutputFile = new(
        "output/file", "Log files", "Writes the log of each deploy to a separate file on this machine.")
    {
        Path = "output/file",
        IsTopic = false,
        Keys =
        [
            new("path", Shapes.Text, "The directory of the log files, which are named by time and command.")
            {
                Example = "/var/log/kamal/",
                Required = true,
                Since = "2.12",
            },
        ],
    };

    public static readonly ConfigurationSection Output = new("output", "Output", "Where the deploy log goes in addition to the screen.")
    {
        Path = "output",
        Keys =
        [
            new("otel", Shapes.Section(OutputOtel), "Send the log to an OpenTelemetry collector.")
            {
                Example = "{ endpoint: \"http://otel-gateway:4318\" }",
                Since = "2.12",
            },
            new("file", Shapes.Section(OutputFile), "Write the log to files.") { Example = "{ path: /var/log/kamal/ }", Since = "2.12" },
        ],
    };

    public static readonly ConfigurationSection Env = new(
        "env", "Environment variables",
        "Environment variables for the containers. A plain map is passed to `docker run` as is. Secrets are listed by name under " +
        "`secret` and come from `.kamal/secrets`; they are written to a file on the host that only its owner can read. With secrets " +
        "or tags, plain variables go under `clear`. `NAME:KEY` passes the secret KEY as the variable NAME.")
    {
        Path = "env",
        Keys =
        [
            new("clear", Names.Map(Names.Token, Shapes.Text), "Variables and their values. An empty string passes the name alone.")
            {
                Example = "{ DATABASE_HOST: mysql-db1 }",
            },
            new("secret", Shapes.Secrets, "Names of secrets, or NAME:KEY.") { Example = "[ DB_PASSWORD, \"TOKEN:MAIN_TOKEN\" ]" },
            new("tags", Names.Map(Names.Token, new EnvShape(false)), "Additional variables for hosts with a tag. Root `env` only.")
            {
                Example = "{ replica: { MYSQL_USER: readonly } }",
            },
        ],
    };

    public static readonly ConfigurationSection Servers = new(
        "servers", "Servers",
        "The app's hosts: a list, which is the role `web`, or a map of roles. Hosts can have tags that add environment variables: " +
        "`- HOST: TAG` or `- HOST: [ TAG, TAG ]`.")
    {
        Path = "servers",
        Example = "servers:\n  web:\n    - 172.0.0.1\n    - 172.0.0.2: experiments\n  workers:\n    hosts:\n      - 172.0.0.3: [ " +
            "experiments, three ]\n    cmd: bin/jobs",
    };

    public static readonly ConfigurationSection Alias = new(
        "alias", "Aliases",
        "Shortcuts for command lines: with `console: app exec -i --reuse \"bin/rails console\"`, `kamal console` opens a console. " +
        "Names consist of lowercase letters, digits, hyphens and underscores, and cannot be the name of a Kamal command.")
    {
        Path = "aliases",
        Example = "aliases:\n  console: app exec -i --reuse \"bin/rails console\"\n  staging_deploy: deploy -d staging",
    };

    /// <summary>Kamal's commands, which are not allowed as aliases.</summary>
    public static readonly ImmutableArray<string> Commands =
    [
        "accessory", "app", "audit", "build", "config", "deploy", "details", "docs", "init", "lock", "proxy", "prune", "redeploy",
        "registry", "remove", "rollback", "secrets", "server", "setup", "upgrade", "version",
    ];
}
