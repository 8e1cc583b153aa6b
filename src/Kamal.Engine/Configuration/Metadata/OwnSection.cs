namespace Kamal.Engine.Configuration.Metadata;

/// <summary>The settings that only this module has. Kamal ignores the section, as all root keys that begin with <c>x-</c>.</summary>
internal static class OwnSection
{
    public const string Name = "x-kamal-ps";

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
                "transfer", Shapes.OneOf("registry", "direct"),
                "How the hosts get the image. With `registry`, it is pushed to the registry and the hosts pull it. With `direct`, it is " +
                "built for this machine's engine and sent over the SSH connections, without a registry or a login: a host gets only the " +
                "layers that it lacks. An image that is sent directly is built for one architecture. Defaults to `direct` if there is " +
                "no `registry` section.")
            {
                Default = "registry",
                Example = "direct",
            },
        ],
    };
}
