using System.Collections.Immutable;

namespace Kamal.CommandLine;

/// <summary>Kamal's command line as data: every command, its options and words, and the cmdlet and parameters that mean the same.</summary>
internal static class Grammar
{
    private static readonly OptionSpec Yes = Flag("confirmed", 'y', "Confirmed", "Do not ask");
    private static readonly OptionSpec Rolling = Flag("rolling", null, "Rolling", "One host at a time");
    private static readonly OptionSpec NoCache = Flag("no-cache", null, "NoCache", "Build without the cache");
    private static readonly OptionSpec Interactive = Flag("interactive", 'i', "Interactive", "With a terminal, over ssh");
    private static readonly OptionSpec Reuse = Flag("reuse", null, "Reuse", "In the running container, not a new one");
    private static readonly OptionSpec Raw = Flag("raw", null, "Raw", "Write standard output as it is");
    private static readonly OptionSpec Output = Text("output", null, "Output", "What buildx makes of the result");

    /// <summary>Options of every command.</summary>
    public static ImmutableArray<OptionSpec> GlobalOptions { get; } =
    [
        Flag("verbose", 'v', "Verbose", "Say each step"),
        Flag("quiet", 'q', "Quiet", "Say little"),
        Text("version", null, "Version", "The app's version"),
        Flag("primary", 'p', "Primary", "Only the primary host"),
        new("hosts", OptionKind.CommaList, "HostName") { Letter = 'h', Help = "Only these hosts, separated by commas; * is a wildcard" },
        new("roles", OptionKind.CommaList, "Role") { Letter = 'r', Help = "Only these roles, separated by commas; * is a wildcard" },
        Text("config-file", 'c', "ConfigFile", "The configuration file"),
        Text("destination", 'd', "Destination", "The destination"),
        Flag("skip-hooks", 'H', "SkipHooks", "Run no hooks"),
        Flag("lock-wait", null, "LockWait", "Wait for the deploy lock"),
        Number("lock-wait-timeout", null, "LockWaitTimeout", "Seconds to wait for the deploy lock"),
        Number("lock-wait-interval", null, "LockWaitInterval", "Seconds between looks at the deploy lock"),
    ];

    /// <summary>Short forms of command words.</summary>
    public static ImmutableDictionary<string, string> Synonyms { get; } =
        ImmutableDictionary<string, string>.Empty.Add("--help", "help").Add("-h", "help").Add("--version", "version").Add("-v", "version");

    /// <summary>All commands.</summary>
    public static ImmutableArray<CommandSpec> Commands { get; } = [.. MainCommands(), .. AppCommands(), .. AccessoryCommands(), .. BuildCommands(), .. ProxyCommands(), .. OtherCommands()];

    private static ImmutableArray<OptionSpec> DeployOptions => [Flag("skip-push", 'P', "SkipPush", "Neither build nor push"), NoCache];

    private static ImmutableArray<OptionSpec> LogOptions =>
    [
        Text("since", 's', "Since", "Lines since a time, or an age as 42m"),
        Number("lines", 'n', "Lines", "How many lines from each host"),
        Text("grep", 'g', "Grep", "Only lines that match"),
        Text("grep-options", null, "GrepOptions", "More options for grep"),
        Flag("follow", 'f', "Follow", "Go on as lines come"),
        Flag("skip-timestamps", 'T', "SkipTimestamps", "Without timestamps"),
    ];

    private static ImmutableArray<OptionSpec> RegistryOptions =>
        [Flag("skip-local", 'L', "SkipLocal", "Not on this machine"), Flag("skip-remote", 'R', "SkipRemote", "Not on the hosts")];

    private static ImmutableArray<ArgumentSpec> AccessoryName => [new("NAME", "Name")];

    private static IEnumerable<CommandSpec> MainCommands() =>
    [
        new("setup", "Invoke-KamalSetup", "Prepare the servers and deploy") { Options = DeployOptions },
        new("deploy", "Invoke-KamalDeploy", "Deploy the app") { Options = DeployOptions },
        new("redeploy", "Invoke-KamalRedeploy", "Deploy without preparing servers and without pruning") { Options = DeployOptions },
        new("rollback", "Invoke-KamalRollback", "Go back to a version") { Arguments = [new("VERSION", "Version")] },
        new("details", "Get-KamalContainer", "Show all containers") { Fixed = Always("Running", true) },
        new("audit", "Get-KamalAudit", "Show the audit log") { Text = ResultText.Audit },
        new("config", "Get-KamalConfig", "Show the resolved configuration") { Fixed = Always("AsYaml", true) },
        new("docs", "Get-KamalDocumentation", "Show the documentation of the configuration") { Arguments = [new("SECTION", "Section") { IsOptional = true }] },
        new("init", "Initialize-KamalProject", "Write a first configuration") { Options = [Flag("bundle", null, "Bundle", "For Ruby projects; does nothing here")] },
        new("remove", "Remove-KamalDeployment", "Remove everything from the servers") { Options = [Yes], Asks = true },
        new("upgrade", "Update-KamalDeployment", "Upgrade from Kamal 1") { Options = [Yes, Rolling], Asks = true },
        new("version", "Get-KamalVersion", "Show this module's version") { Text = ResultText.Plain },
    ];

    private static IEnumerable<CommandSpec> AppCommands() =>
    [
        new("app boot", "Invoke-KamalAppBoot", "Start the app, or start it anew"),
        new("app start", "Start-KamalApp", "Start the app's containers"),
        new("app stop", "Stop-KamalApp", "Stop the app's containers"),
        new("app details", "Get-KamalContainer", "Show the app's running containers") { Fixed = Always("Kind", "App").Add("Running", true) },
        new("app exec", "Invoke-KamalAppCommand", "Run a command in the app's container")
        {
            Options = [Interactive, Reuse, new("env", OptionKind.Pairs, "Env") { Letter = 'e', Help = "Variables for the command, KEY:VALUE" }, Flag("detach", null, "Detach", "Do not wait for it"), Raw],
            Arguments = [new("CMD", "Command") { TakesRest = true }],
            Text = ResultText.Command,
        },
        new("app containers", "Get-KamalContainer", "Show the app's containers") { Fixed = Always("Kind", "App") },
        new("app stale_containers", "Get-KamalStaleContainer", "Show containers of old versions that still run")
        {
            Options = [Flag("stop", 's', "Stop", "Stop them")],
        },
        new("app images", "Get-KamalImage", "Show the app's images"),
        new("app logs", "Get-KamalLog", "Show the app's log")
        {
            Options = [.. LogOptions, Text("container-id", null, "ContainerId", "Of this container")],
        },
        new("app remove", "Remove-KamalApp", "Remove the app's containers and images"),
        new("app live", "Disable-KamalMaintenance", "Let requests reach the app"),
        new("app maintenance", "Enable-KamalMaintenance", "Answer requests with 503")
        {
            Options = [Number("drain-timeout", null, "DrainTimeout", "Seconds for requests to end"), Text("message", null, "Message", "What visitors read")],
        },
        new("app remove_container", "Remove-KamalContainer", "Remove a version's container") { Arguments = [new("VERSION", "Version")], IsHidden = true },
        new("app remove_containers", "Remove-KamalContainer", "Remove all of the app's containers") { Fixed = Always("All", true), IsHidden = true },
        new("app remove_images", "Remove-KamalImage", "Remove the app's images") { IsHidden = true },
        new("app remove_app_directories", "Remove-KamalApp", "Remove the app's directories") { Fixed = Always("DirectoryOnly", true), IsHidden = true },
        new("app version", "Get-KamalAppVersion", "Show the running version") { Text = ResultText.AppVersion },
    ];

    private static IEnumerable<CommandSpec> AccessoryCommands() =>
    [
        new("accessory boot", "Invoke-KamalAccessoryBoot", "Boot an accessory, or all") { Arguments = AccessoryName },
        new("accessory upload", "Invoke-KamalAccessoryBoot", "Upload an accessory's files") { Arguments = AccessoryName, Fixed = Always("Only", "Files"), IsHidden = true },
        new("accessory directories", "Invoke-KamalAccessoryBoot", "Make an accessory's directories") { Arguments = AccessoryName, Fixed = Always("Only", "Directories"), IsHidden = true },
        new("accessory pull_image", "Invoke-KamalAccessoryBoot", "Pull an accessory's image") { Arguments = AccessoryName, Fixed = Always("Only", "Image"), IsHidden = true },
        new("accessory reboot", "Invoke-KamalAccessoryReboot", "Boot an accessory anew, or all") { Arguments = AccessoryName },
        new("accessory start", "Start-KamalAccessory", "Start an accessory's container") { Arguments = AccessoryName },
        new("accessory stop", "Stop-KamalAccessory", "Stop an accessory's container") { Arguments = AccessoryName },
        new("accessory restart", "Restart-KamalAccessory", "Restart an accessory's container") { Arguments = AccessoryName },
        new("accessory details", "Get-KamalAccessory", "Show an accessory's container, or all") { Arguments = AccessoryName },
        new("accessory exec", "Invoke-KamalAccessoryCommand", "Run a command in an accessory's container")
        {
            Options = [Interactive, Reuse, Raw],
            Arguments = [new("NAME", "Name"), new("CMD", "Command") { TakesRest = true }],
            Text = ResultText.Command,
        },
        new("accessory logs", "Get-KamalLog", "Show an accessory's log") { Options = LogOptions, Arguments = [new("NAME", "Accessory")] },
        new("accessory remove", "Remove-KamalAccessory", "Remove an accessory and its data, or all") { Options = [Yes], Arguments = AccessoryName, Asks = true },
        new("accessory remove_container", "Remove-KamalAccessory", "Remove an accessory's container") { Arguments = AccessoryName, Fixed = Always("Only", "Container"), IsHidden = true },
        new("accessory remove_image", "Remove-KamalAccessory", "Remove an accessory's image") { Arguments = AccessoryName, Fixed = Always("Only", "Image"), IsHidden = true },
        new("accessory remove_service_directory", "Remove-KamalAccessory", "Remove an accessory's directory") { Arguments = AccessoryName, Fixed = Always("Only", "Directory"), IsHidden = true },
        new("accessory upgrade", "Update-KamalAccessory", "Upgrade accessories from Kamal 1") { Options = [Rolling, Yes], Arguments = AccessoryName, Asks = true },
    ];

    private static IEnumerable<CommandSpec> BuildCommands() =>
    [
        new("build deliver", "Publish-KamalImage", "Build, push and pull") { Options = [NoCache], Fixed = Always("Deliver", true) },
        new("build push", "Publish-KamalImage", "Build and push the image") { Options = [Output, NoCache] },
        new("build pull", "Install-KamalImage", "Pull the image on the servers"),
        new("build create", "New-KamalBuilder", "Create the builder"),
        new("build remove", "Remove-KamalBuilder", "Remove the builder"),
        new("build details", "Get-KamalBuilder", "Show the builder") { Text = ResultText.Builder },
        new("build dev", "Publish-KamalImage", "Build from the working directory, for this machine") { Options = [Output, NoCache], Fixed = Always("Dev", true) },
    ];

    private static IEnumerable<CommandSpec> ProxyCommands() =>
    [
        new("proxy boot", "Invoke-KamalProxyBoot", "Boot the proxy"),
        new("proxy boot_config set", "Set-KamalProxyBootConfig", "Set how the proxy boots")
        {
            Options =
            [
                Flag("publish", null, "Publish", "Publish its ports"),
                new("publish-host-ip", OptionKind.Repeatable, "PublishHostIp") { Help = "On this address only" },
                Number("http-port", null, "HttpPort", "The HTTP port"), Number("https-port", null, "HttpsPort", "The HTTPS port"),
                Text("log-max-size", null, "LogMaxSize", "How large its log may grow"),
                Text("registry", null, "Registry", "The registry of its image"), Text("repository", null, "Repository", "The repository of its image"),
                Text("image-version", null, "ImageVersion", "The version of its image"),
                Number("metrics-port", null, "MetricsPort", "The port of its metrics"), Flag("debug", null, "DebugProxy", "Run it in debug mode"),
                new("docker-options", OptionKind.Words, "DockerOptions") { Help = "Options for docker, NAME=VALUE" },
            ],
        },
        new("proxy boot_config get", "Get-KamalProxyBootConfig", "Show how the proxy boots"),
        new("proxy boot_config reset", "Reset-KamalProxyBootConfig", "Let the proxy boot by default"),
        new("proxy reboot", "Invoke-KamalProxyReboot", "Boot the proxy anew") { Options = [Rolling, Yes], Asks = true },
        new("proxy upgrade", "Update-KamalDeployment", "Replace Traefik by the proxy") { Options = [Rolling, Yes], Fixed = Always("ProxyOnly", true), Asks = true, IsHidden = true },
        new("proxy start", "Start-KamalProxy", "Start the proxy's container"),
        new("proxy stop", "Stop-KamalProxy", "Stop the proxy's container"),
        new("proxy restart", "Restart-KamalProxy", "Restart the proxy's container"),
        new("proxy details", "Get-KamalProxy", "Show the proxy and what it routes"),
        new("proxy logs", "Get-KamalLog", "Show the proxy's log") { Options = LogOptions, Fixed = Always("Proxy", true) },
        new("proxy remove", "Remove-KamalProxy", "Remove the proxy") { Options = [Flag("force", null, "Force", "Although other apps need it")] },
        new("proxy remove_container", "Remove-KamalProxy", "Remove the proxy's container") { Fixed = Always("Only", "Container"), IsHidden = true },
        new("proxy remove_image", "Remove-KamalProxy", "Remove the proxy's image") { Fixed = Always("Only", "Image"), IsHidden = true },
        new("proxy remove_proxy_directory", "Remove-KamalProxy", "Remove the proxy's directory") { Fixed = Always("Only", "Directory"), IsHidden = true },
    ];

    private static IEnumerable<CommandSpec> OtherCommands() =>
    [
        new("prune all", "Invoke-KamalPrune", "Remove old containers and images"),
        new("prune containers", "Invoke-KamalPrune", "Remove old containers")
        {
            Options = [Number("retain", null, "Retain", "How many are kept")],
            Fixed = Always("Container", true),
        },
        new("prune images", "Invoke-KamalPrune", "Remove old images") { Fixed = Always("Image", true) },
        new("lock status", "Get-KamalLock", "Show the deploy lock") { Text = ResultText.Lock },
        new("lock acquire", "Lock-KamalDeployment", "Take the deploy lock") { Options = [Text("message", 'm', "Message", "Why")], Text = ResultText.Lock },
        new("lock release", "Unlock-KamalDeployment", "Release the deploy lock") { Text = ResultText.LockReleased },
        new("registry setup", "Connect-KamalRegistry", "Set up a local registry, or log in") { Options = RegistryOptions },
        new("registry login", "Connect-KamalRegistry", "Log in to the registry") { Options = RegistryOptions, Fixed = Always("LoginOnly", true) },
        new("registry remove", "Disconnect-KamalRegistry", "Remove the local registry, or log out") { Options = RegistryOptions },
        new("registry logout", "Disconnect-KamalRegistry", "Log out of the registry") { Options = RegistryOptions, Fixed = Always("LogoutOnly", true) },
        new("secrets fetch", "Get-KamalVaultSecret", "Fetch secrets from a password manager")
        {
            Options = [Text("adapter", 'a', "Adapter", "Which password manager"), Text("account", null, "Account", "The account"), Text("from", null, "From", "The vault or folder"), Flag("inline", null, "Inline", "For $(…) in a secrets file")],
            Arguments = [new("SECRETS", "Name") { TakesRest = true }],
            Fixed = Always("AsJson", true),
        },
        new("secrets extract", "Select-KamalSecret", "Take one secret from what fetch printed")
        {
            Options = [Flag("inline", null, "Inline", "For $(…) in a secrets file")],
            Arguments = [new("NAME", "Name"), new("SECRETS", "Json")],
            Fixed = Always("AsPlainText", true),
        },
        new("secrets print", "Get-KamalSecret", "Print the secrets") { Fixed = Always("AsPlainText", true) },
        new("server bootstrap", "Initialize-KamalServer", "Install Docker where it is missing"),
        new("server exec", "Invoke-KamalServerCommand", "Run a command on the servers")
        {
            Options = [Interactive, Raw],
            Arguments = [new("CMD", "Command") { TakesRest = true }],
            Text = ResultText.Command,
        },
    ];

    private static ImmutableDictionary<string, object> Always(string parameter, object value) =>
        ImmutableDictionary.Create<string, object>(StringComparer.OrdinalIgnoreCase).Add(parameter, value);

    private static OptionSpec Flag(string name, char? letter, string parameter, string help) => new(name, OptionKind.Flag, parameter) { Letter = letter, Help = help };

    private static OptionSpec Text(string name, char? letter, string parameter, string help) => new(name, OptionKind.Text, parameter) { Letter = letter, Help = help };

    private static OptionSpec Number(string name, char? letter, string parameter, string help) => new(name, OptionKind.Number, parameter) { Letter = letter, Help = help };
}
