namespace Kamal.Engine.Configuration.Metadata;

/// <summary>The settings that only this module has. Kamal ignores the section, as all root keys that begin with <c>x-</c>.</summary>
internal static class OwnSection
{
    public const string Name = "x-kamal-ps";

    /// <summary>As hosts of the configuration, or part of one with wildcards.</summary>
    private const string Hosts = @"^[A-Za-z0-9_.:/@%\[\]*-]+$";

    private static readonly NameRule Project = new(
        @"^(?![A-Za-z]:|[/\\-])(?!.*\.[sS][lL][nN][xX]?$)[^\x00-\x1f\x7f]+$",
        "the path of a project file or its directory, relative to the build context; not of a solution");

    private static readonly NameRule Word = new(
        "^[A-Za-z0-9_][A-Za-z0-9_.-]*$", "letters, digits, hyphens, underscores and dots, not starting with a hyphen or dot");

    private static readonly NameRule Property = new(
        "^[A-Za-z_][A-Za-z0-9_-]*$", "the name of an MSBuild property: letters, digits, hyphens and underscores");

    public static readonly ConfigurationSection Dotnet = new(
        Name + "/builder/dotnet", ".NET without Docker",
        "Builds the image with the .NET SDK, which needs neither Docker nor a Dockerfile on this machine. What the image consists of is " +
        "in the project file: `ContainerBaseImage`, `ContainerFamily`, `ContainerUser`, `ContainerPort`, `ContainerEnvironmentVariable`.")
    {
        Path = Name + "/builder/dotnet",
        IsTopic = false,
        Keys =
        [
            new("project", Names.Text(Project), "The project, as a path relative to the build context: the project file or its directory.")
            {
                Default = ".",
                Example = "src/Shop.Web",
            },
            new("configuration", Names.Text(Word), "The build configuration.") { Default = "Release", Example = "Release" },
            new("framework", Names.Text(Word), "The target framework, for a project that has several.") { Example = "net10.0" },
            new(
                "self_contained", Shapes.Boolean,
                "Whether the image contains the .NET runtime as a part of the app instead of in its base image. Defaults to what the " +
                "project file says.")
            {
                Example = "true",
            },
            new(
                "musl", Shapes.Boolean,
                "Whether to build for musl instead of glibc, as the base images of Alpine need it: `linux-musl-x64` for `linux-x64`.")
            {
                Default = "false",
                Example = "true",
            },
            new(
                "properties", Names.Map(Property, Shapes.Scalar),
                "Other MSBuild properties, passed as `-p:NAME=VALUE`. They are visible to other accounts of this machine: no secrets.")
            {
                Example = "{ PublishTrimmed: true }",
            },
        ],
    };

    public static readonly ConfigurationSection Builder = new(
        Name + "/builder", "Builders of this module", "A builder that Kamal does not have, in place of those in the section `builder`.")
    {
        Path = Name + "/builder",
        IsTopic = false,
        Keys =
        [
            new(
                "dotnet", Shapes.Section(Dotnet),
                "Builds with the .NET SDK. Of the section `builder`, only `arch` and `context` can then be set.")
            {
                Example = "{ project: src/Shop.Web }",
            },
        ],
    };

    public static readonly ConfigurationSection Section = new(
        Name, "Kamal for PowerShell",
        "Settings of this module. Kamal ignores them, so both can use the same file. The parameters of a cmdlet and the options of " +
        "`kamal` take precedence.")
    {
        Path = Name,
        Keys =
        [
            new(
                "on_host_failure", Shapes.OneOf("stop", "continue", "rollback"),
                "What to do if hosts fail while a version is deployed. `stop` starts nothing more on any host. `continue` leaves the " +
                "hosts that failed on the old version and goes on with the others. `rollback` switches all hosts back to the old " +
                "version, whose containers keep running until the last host is done.")
            {
                Default = "stop",
                Example = "rollback",
            },
            new(
                "max_failure",
                Shapes.Choice(
                    new IntegerShape(),
                    new TextShape { Strict = true, Pattern = FailureLimit.Pattern, PatternMeaning = FailureLimit.Meaning }),
                "The number of hosts that may fail, or a percentage of the selected hosts, rounded down. Up to that many hosts are " +
                "left on the old version and the others go on; if more fail, the deploy stops or rolls back. Defaults to 0, or to " +
                "all hosts with `continue`.")
            {
                Example = "20%",
            },
            new(
                "watch", new TextShape { Pattern = ShortTime.Pattern, PatternMeaning = ShortTime.Meaning },
                "How long to watch the new version after the switch, before the old container is stopped: its restarts, whether it runs " +
                "out of memory, and its share of server errors in the proxy's log. A host on which it fails is switched back to " +
                "the old version and counts as failed. Each group of `boot.limit` is watched before the next one begins.")
            {
                Example = "30s",
            },
            new(
                "max_error_rate",
                Shapes.Choice(
                    new IntegerShape { Maximum = 100 },
                    new TextShape
                    {
                        Strict = true,
                        Pattern = "^([0-9]{1,2}([.][0-9]{1,3})?|100)%$",
                        PatternMeaning = "a percentage from 0 to 100, such as 2.5%",
                    }),
                "The percentage of requests to the new version that may be answered with 5xx while it is watched, beyond the share that " +
                "the old version had in the minute before.")
            {
                Default = "1",
                Example = "2.5%",
            },
            new(
                "skip_unreachable", Shapes.Boolean,
                "Whether to leave out hosts that cannot be reached. Each is a warning instead of an error and does not count as failed.")
            {
                Default = "false",
                Example = "true",
            },
            new(
                "exclude_hosts",
                new ListShape(new TextShape { Pattern = Hosts, PatternMeaning = "a host of the configuration; * is a wildcard" }),
                "Hosts to leave out until they are removed from the list, such as one that is being repaired. Commands neither connect " +
                "to them nor report them, unless `-HostName` (`--hosts`) names them; `-ExcludeHostName` (`--exclude-hosts`) replaces " +
                "the list.")
            {
                Example = "[ \"10.0.0.*\" ]",
            },
            new(
                "transfer", Shapes.OneOf("registry", "direct"),
                "How the hosts get the image. With `registry`, it is pushed to the registry and the hosts pull it. With `direct`, it is " +
                "built on this machine and sent over the SSH connections, without a registry or a login: a host gets only the " +
                "layers that it lacks. An image that is sent directly is built for one architecture. Defaults to `direct` if there is " +
                "no `registry` section.")
            {
                Default = "registry",
                Example = "direct",
            },
            new("builder", Shapes.Section(Builder), "A builder that only this module has.")
            {
                Example = "{ dotnet: { project: src/Shop.Web } }",
            },
        ],
    };
}
