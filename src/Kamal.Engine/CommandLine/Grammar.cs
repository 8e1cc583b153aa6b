using System.Collections.Immutable;

namespace Kamal.Engine.CommandLine;

/// <summary>Kamal's command line as data: every command with its options and arguments, for parsing, help and completion.</summary>
public static class Grammar
{
    private static readonly OptionSpec Yes = Flag("confirmed", 'y', "Do not ask for confirmation");
    private static readonly OptionSpec Rolling = Flag("rolling", null, "One host at a time");
    private static readonly OptionSpec NoCache = Flag("no-cache", null, "Build without the cache");
    private static readonly OptionSpec Transfer = Text("transfer", null, "How the servers get the image: registry or direct") with
    {
        Values = ["registry", "direct"],
    };

    private static readonly OptionSpec Interactive = Flag("interactive", 'i', "Run it in a terminal, over ssh");
    private static readonly OptionSpec Reuse = Flag("reuse", null, "Use the running container instead of a new one");
    private static readonly OptionSpec Raw = Flag("raw", null, "Write output unchanged");
    private static readonly OptionSpec Inline = Flag("inline", null, "For $(…) in a secrets file; prints nothing");
    private static readonly ArgumentSpec Command = new("CMD") { TakesRest = true, IsCommand = true };
    /// <summary>The types of output that buildx has (docs.docker.com/reference/cli/docker/buildx/build, --output).</summary>
    public static ImmutableArray<string> BuildOutputs { get; } = ["registry", "docker", "image", "local", "oci", "tar"];

    private static readonly OptionSpec Output = Text("output", null, "buildx's output type") with
    {
        Suggestions = BuildOutputs,
    };

    /// <summary>Options of every command.</summary>
    public static ImmutableArray<OptionSpec> GlobalOptions { get; } =
    [
        Flag("verbose", 'v', "Show each step"),
        Flag("quiet", 'q', "Show less"),
        Text("version", null, "The app's version"),
        Flag("primary", 'p', "Only the primary host"),
        new("hosts", OptionKind.CommaList, "Only these hosts, separated by commas; * is a wildcard") { Letter = 'h' },
        new("roles", OptionKind.CommaList, "Only these roles, separated by commas; * is a wildcard") { Letter = 'r' },
        Text("config-file", 'c', "The configuration file"),
        Text("destination", 'd', "The destination"),
        Flag("skip-hooks", 'H', "Skip hooks"),
        new("exclude-hosts", OptionKind.CommaList, "Leave out these hosts, separated by commas; * is a wildcard"),
        Flag("skip-unreachable", null, "Leave out hosts that cannot be reached"),
        Flag("no-template-command", null, "Run neither commands in templates nor deploy.ps1"),
        Flag("accept-new-host-key", null, "Accept unknown host keys and add them to known_hosts"),
        Flag("lock-wait", null, "Wait for the deploy lock"),
        Number("lock-wait-timeout", null, "Seconds to wait before giving up"),
        Number("lock-wait-interval", null, "Seconds between attempts to take it"),
    ];

    /// <summary>All commands.</summary>
    public static ImmutableArray<CommandSpec> Commands { get; } =
    [
        .. MainCommands(), .. AppCommands(), .. AccessoryCommands(), .. BuildCommands(), .. ProxyCommands(), .. OtherCommands(),
    ];

    private static ImmutableArray<OptionSpec> DeployOptions =>
        [Flag("skip-push", 'P', "Skip building and pushing the image"), NoCache, Transfer, .. RolloutOptions];

    private static ImmutableArray<OptionSpec> RolloutOptions =>
    [
        Text("on-host-failure", null, "If hosts fail: stop, continue or rollback") with { Values = ["stop", "continue", "rollback"] },
        Text("max-failure", null, "How many hosts may fail: a number or a percentage"),
        Text("watch", null, "Watch the new version for a time such as 30s, and switch back if it fails"),
        Text("max-error-rate", null, "The percentage of its requests that may get a server error while it is watched"),
    ];

    private static ImmutableArray<OptionSpec> LogOptions =>
    [
        Text("since", 's', "Show lines since a time, or an age such as 42m"),
        Number("lines", 'n', "Number of lines from each host"),
        Text("grep", 'g', "Show only matching lines"),
        Text("grep-options", null, "More options for grep"),
        Flag("follow", 'f', "Follow the log"),
        Flag("skip-timestamps", 'T', "Omit timestamps"),
    ];

    private static ImmutableArray<OptionSpec> RegistryOptions =>
        [Flag("skip-local", 'L', "Skip this machine"), Flag("skip-remote", 'R', "Skip the hosts")];

    private static ImmutableArray<ArgumentSpec> AccessoryName => [new("NAME")];

    private static IEnumerable<CommandSpec> MainCommands() =>
    [
        new("setup", "Prepare the servers and deploy") { Options = DeployOptions },
        new("deploy", "Deploy the app") { Options = DeployOptions },
        new("redeploy", "Deploy without preparing servers and without pruning") { Options = DeployOptions },
        new("rollback", "Roll back to a version") { Options = RolloutOptions, Arguments = [new("VERSION")] },
        new("details", "Show all containers"),
        new("audit", "Show the audit log"),
        new("config", "Show the resolved configuration"),
        new("docs", "Show the documentation of the configuration") { Arguments = [new("SECTION") { IsOptional = true }] },
        new("init", "Create the configuration files") { Options = [Flag("bundle", null, "Accepted for compatibility; does nothing")] },
        new("remove", "Remove everything from the servers") { Options = [Yes], Asks = true },
        new("upgrade", "Upgrade from Kamal 1") { Options = [Yes, Rolling], Asks = true },
        new("version", "Show this module's version"),
    ];

    private static IEnumerable<CommandSpec> AppCommands() =>
    [
        new("app boot", "Boot the app, or reboot it") { Options = RolloutOptions },
        new("app start", "Start the app's containers"),
        new("app stop", "Stop the app's containers"),
        new("app details", "Show the app's running containers"),
        new("app exec", "Run a command in the app's container")
        {
            Options =
            [
                Interactive, Reuse, new("env", OptionKind.Pairs, "Environment variables, KEY:VALUE") { Letter = 'e' },
                Flag("detach", null, "Run it in the background"), Raw,
            ],
            Arguments = [Command],
        },
        new("app containers", "Show the app's containers"),
        new("app stale_containers", "Show containers of old versions that still run")
        {
            Options = [Flag("stop", 's', "Stop them too")],
        },
        new("app images", "Show the app's images"),
        new("app logs", "Show the app's log")
        {
            Options = [.. LogOptions, Text("container-id", null, "Show the log of this container")],
        },
        new("app remove", "Remove the app's containers and images"),
        new("app live", "End maintenance mode"),
        new("app maintenance", "Start maintenance mode: answer requests with 503")
        {
            Options =
            [
                Number("drain-timeout", null, "Seconds to let requests finish"),
                Text("message", null, "The message that visitors see"),
            ],
        },
        new("app remove_container", "Remove a version's container") { Arguments = [new("VERSION")], IsHidden = true },
        new("app remove_containers", "Remove all of the app's containers") { IsHidden = true },
        new("app remove_images", "Remove the app's images") { IsHidden = true },
        new("app remove_app_directories", "Remove the app's directories") { IsHidden = true },
        new("app version", "Show the running version"),
    ];

    private static IEnumerable<CommandSpec> AccessoryCommands() =>
    [
        new("accessory boot", "Boot an accessory, or all") { Arguments = AccessoryName },
        new("accessory upload", "Upload an accessory's files") { Arguments = AccessoryName, IsHidden = true },
        new("accessory directories", "Create an accessory's directories") { Arguments = AccessoryName, IsHidden = true },
        new("accessory pull_image", "Pull an accessory's image") { Arguments = AccessoryName, IsHidden = true },
        new("accessory reboot", "Reboot an accessory, or all") { Arguments = AccessoryName },
        new("accessory start", "Start an accessory's container") { Arguments = AccessoryName },
        new("accessory stop", "Stop an accessory's container") { Arguments = AccessoryName },
        new("accessory restart", "Restart an accessory's container") { Arguments = AccessoryName },
        new("accessory details", "Show an accessory's container, or all") { Arguments = AccessoryName },
        new("accessory exec", "Run a command in an accessory's container")
        {
            Options = [Interactive, Reuse, Raw],
            Arguments = [new("NAME"), Command],
        },
        new("accessory logs", "Show an accessory's log") { Options = LogOptions, Arguments = [new("NAME")] },
        new("accessory remove", "Remove an accessory and its data, or all") { Options = [Yes], Arguments = AccessoryName, Asks = true },
        new("accessory remove_container", "Remove an accessory's container") { Arguments = AccessoryName, IsHidden = true },
        new("accessory remove_image", "Remove an accessory's image") { Arguments = AccessoryName, IsHidden = true },
        new("accessory remove_service_directory", "Remove an accessory's directory") { Arguments = AccessoryName, IsHidden = true },
        new("accessory upgrade", "Upgrade accessories from Kamal 1") { Options = [Rolling, Yes], Arguments = AccessoryName, Asks = true },
    ];

    private static IEnumerable<CommandSpec> BuildCommands() =>
    [
        new("build deliver", "Build, push and pull") { Options = [NoCache, Transfer] },
        new("build push", "Build and push the image") { Options = [Output, NoCache, Transfer] },
        new("build pull", "Pull the image on the servers") { Options = [Transfer] },
        new("build create", "Create the builder"),
        new("build remove", "Remove the builder"),
        new("build details", "Show the builder"),
        new("build dev", "Build the working directory for this machine") { Options = [Output, NoCache] },
    ];

    private static IEnumerable<CommandSpec> ProxyCommands() =>
    [
        new("proxy boot", "Boot the proxy"),
        new("proxy boot_config set", "Set the options the proxy boots with")
        {
            Options =
            [
                Flag("publish", null, "Publish its ports"),
                new("publish-host-ip", OptionKind.Repeatable, "Publish them on this address only"),
                Number("http-port", null, "The HTTP port"), Number("https-port", null, "The HTTPS port"),
                Text("log-max-size", null, "The maximum size of its log"),
                Text("registry", null, "The registry of its image"), Text("repository", null, "The repository of its image"),
                Text("image-version", null, "The version of its image"),
                Number("metrics-port", null, "The port of its metrics"), Flag("debug", null, "Run it in debug mode"),
                new("docker-options", OptionKind.Words, "Options for docker, NAME=VALUE"),
            ],
        },
        new("proxy boot_config get", "Show the options the proxy boots with"),
        new("proxy boot_config reset", "Reset the options the proxy boots with"),
        new("proxy reboot", "Reboot the proxy") { Options = [Rolling, Yes], Asks = true },
        new("proxy upgrade", "Replace Traefik with the proxy") { Options = [Rolling, Yes], Asks = true, IsHidden = true },
        new("proxy start", "Start the proxy's container"),
        new("proxy stop", "Stop the proxy's container"),
        new("proxy restart", "Restart the proxy's container"),
        new("proxy details", "Show the proxy and what it routes"),
        new("proxy logs", "Show the proxy's log") { Options = LogOptions },
        new("proxy remove", "Remove the proxy") { Options = [Flag("force", null, "Remove it even if other apps use it")] },
        new("proxy remove_container", "Remove the proxy's container") { IsHidden = true },
        new("proxy remove_image", "Remove the proxy's image") { IsHidden = true },
        new("proxy remove_proxy_directory", "Remove the proxy's directory") { IsHidden = true },
    ];

    private static IEnumerable<CommandSpec> OtherCommands() =>
    [
        new("prune all", "Remove old containers and images"),
        new("prune containers", "Remove old containers")
        {
            Options = [Number("retain", null, "Number of containers to keep")],
        },
        new("prune images", "Remove old images"),
        new("lock status", "Show the deploy lock"),
        new("lock acquire", "Acquire the deploy lock") { Options = [Text("message", 'm', "Why it is locked") with { IsRequired = true }] },
        new("lock release", "Release the deploy lock"),
        new("registry setup", "Set up the local registry, or log in") { Options = RegistryOptions },
        new("registry login", "Log in to the registry") { Options = RegistryOptions },
        new("registry remove", "Remove the local registry, or log out") { Options = RegistryOptions },
        new("registry logout", "Log out of the registry") { Options = RegistryOptions },
        new("secrets fetch", "Fetch secrets from a password manager")
        {
            Options =
            [
                Text("adapter", 'a', "The password manager") with { IsRequired = true }, Text("account", null, "The account"),
                Text("from", null, "The vault or folder"), Inline,
            ],
            Arguments = [new("SECRETS") { TakesRest = true, IsOptional = true }],
        },
        new("secrets extract", "Extract one secret from what fetch printed")
        {
            Options = [Inline],
            Arguments = [new("NAME"), new("SECRETS") { IsSecret = true }],
        },
        new("secrets print", "Print the secrets"),
        new("server bootstrap", "Install Docker where it is missing"),
        new("server exec", "Run a command on the servers")
        {
            Options = [Interactive, Raw],
            Arguments = [Command],
        },
    ];

    private static OptionSpec Flag(string name, char? letter, string help) => new(name, OptionKind.Flag, help) { Letter = letter };

    private static OptionSpec Text(string name, char? letter, string help) => new(name, OptionKind.Text, help) { Letter = letter };

    private static OptionSpec Number(string name, char? letter, string help) => new(name, OptionKind.Number, help) { Letter = letter };
}
