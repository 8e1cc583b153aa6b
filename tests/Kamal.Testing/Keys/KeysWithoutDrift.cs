namespace Kamal.Testing.Keys;

/// <summary>The keys that change nothing of what runs on the hosts, with the reason.</summary>
internal static class KeysWithoutDrift
{
    private const string Login = "is used at the next login; what runs stays as it is";
    private const string Local = "is about this machine";
    private const string Checked = "is only checked when the file is read";

    /// <summary>All.</summary>
    public static IEnumerable<KeyChange> All() =>
    [
        Of("servers", "is the list form of servers/ROLE/hosts", ("servers", "[ 10.211.0.11 ]")) with
        {
            Before = [("servers/web/cmd", null)],
        },
        Of("servers/ROLE/stop_timeout", "counts when a container is stopped", ("servers/api/stop_timeout", "7")),
        Of("servers/ROLE/proxy", "false leaves the route, which is an orphan", ("servers/api/proxy", "false")),
        Of("registry/username", Login, ("registry/username", "other")),
        Of("registry/password", Login, ("registry/password", "[ APP_SECRET ]")),
        Of("accessories/ACCESSORY/registry/username", Login, ("accessories/box/registry/username", "other")) with
        {
            Before = BoxRegistry,
        },
        Of("accessories/ACCESSORY/registry/password", Login, ("accessories/box/registry/password", "[ REGISTRY_PASSWORD ]")) with
        {
            Before = BoxRegistry,
        },
        Of("hooks_path", Local, ("hooks_path", "hooks")),
        Of("hooks_output", Local, ("hooks_output", "quiet")),
        Of("secrets_path", Local, ("secrets_path", ".kamal/secrets")),
        Of("require_destination", Checked, ("require_destination", "false")),
        Of("allow_empty_roles", Checked, ("allow_empty_roles", "true")),
        Of("minimum_version", Checked, ("minimum_version", "2.0.0")),
        Of("primary_role", "decides which role boots first and which host holds the deploy lock", ("primary_role", "api")),
        Of("retain_containers", "counts when the next version is deployed", ("retain_containers", "2")),
        Of("readiness_delay", "counts while a container boots", ("readiness_delay", "3")),
        Of("deploy_timeout", "counts while a container boots; kamal-proxy does not store it", ("deploy_timeout", "20")),
        Of("drain_timeout", "counts while a container stops; kamal-proxy does not store it", ("drain_timeout", "7")),
        Of("stop_timeout", "counts when a container is stopped", ("stop_timeout", "7")),
        Of("ssh/*", "is about the connection", ("ssh/log_level", "error")),
        Of("sshkit/*", "is about the connection", ("sshkit/pool_idle_timeout", "300")),
        Of("builder/*", "is about how the next image is built", ("builder/arch", "amd64")),
        Of("boot/*", "decides how the next version is rolled out", ("boot/limit", "1")),
        Of("output/*", Local, ("output/file/path", "log")),
        Of("aliases", Local, ("aliases/console", "app exec sh")),
        Of("x-kamal-ps/*", "decides how the next version is built and rolled out", ("x-kamal-ps/watch", "30s")),
    ];

    private static System.Collections.Immutable.ImmutableArray<(string, string?)> BoxRegistry { get; } =
        [("accessories/box/registry/username", "me"), ("accessories/box/registry/password", "[ APP_SECRET ]")];

    private static KeyChange Of(string key, string reason, (string Path, string? Value) after) =>
        new(key) { Reason = reason, After = [after] };
}
