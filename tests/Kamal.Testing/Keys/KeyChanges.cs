namespace Kamal.Testing.Keys;

/// <summary>A change of every documented key.</summary>
internal static class KeyChanges
{
    private const string Box = "accessories/box/";
    private const string Accessory = "accessories/ACCESSORY/";
    private const string Role = "servers/ROLE/";
    private const string Far = "10.211.0.12";

    /// <summary>All.</summary>
    public static IReadOnlyList<KeyChange> All { get; } =
        [.. Root(), .. Roles(), .. Accessories(), .. Paths("files", "local: config/one.conf, remote: /etc/box.conf", "config/two.conf"),
            .. Paths("directories", "local: data, remote: /data", "other"), .. ProxyKeyChanges.All(), .. KeysWithoutDrift.All()];

    /// <summary>The change of a key.</summary>
    public static KeyChange Of(string key) =>
        All.FirstOrDefault(one => one.Key == key)
        ?? All.FirstOrDefault(one => one.Key.EndsWith("/*", StringComparison.Ordinal)
            && key.StartsWith(one.Key[..^1], StringComparison.Ordinal))
        ?? throw new InvalidOperationException($"{key} has no row in KeyChanges or KeysWithoutDrift.");

    private static IEnumerable<KeyChange> Root() =>
    [
        Of("service", "service", "other", ["web version", "api version", "box Boot", "search Boot"]) with
        {
            NotApplied = "the old service keeps the host names until it is removed",
        },
        Of("image", "image", "someone/other", ["web image", "api image"]),
        Of("labels", "labels", "{ team: a }", ["web labels", "api labels"], 1),
        Of("volumes", "volumes", "[ \"cache:/cache\" ]", ["web volumes", "api volumes"], 2),
        Of("registry/server", "registry/server", KeyProject.OtherRegistry, ["web registry/server", "api registry/server"]),
        Of("env/clear", "env/clear", "{ A: b }", ["web env", "api env"], 3),
        Of("env/secret", "env/secret", "[ APP_SECRET ]", ["web env", "api env"], 1),
        Of("env/tags", "env/tags", "{ far: { B: c } }", ["api env"]) with { Before = [("env/clear", "{ A: a }")] },
        Of("asset_path", "asset_path", "/app/public/assets", ["web asset_path", "api asset_path"], 3),
        Of("error_pages_path", "error_pages_path", "public",
            ["web error_pages_path", "api error_pages_path", "search error_pages_path"], 1),
        Of("logging/driver", "logging/driver", "local", ["web logging", "api logging", "box logging", "search logging"], 2),
        Of("logging/options", "logging/options", "{ max-size: 5m }", ["web logging", "api logging", "box logging", "search logging"], 3),
        Of("run_directory", "run_directory", ".other", ["proxy run_directory"]),
    ];

    private static IEnumerable<KeyChange> Roles() =>
    [
        Of(Role + "hosts", "servers/web/hosts", "[ 10.211.0.11, 10.211.0.13 ]", ["web version"]),
        Of(Role + "cmd", "servers/api/cmd", "sh ./start.sh", ["api cmd"], 1),
        Of(Role + "options", "servers/api/options", "{ memory: 64m }", ["api options"], 2),
        Of(Role + "logging/driver", "servers/api/logging/driver", "local", ["api logging"], 1),
        Of(Role + "logging/options", "servers/api/logging/options", "{ max-size: 6m }", ["api logging"], 2),
        Of(Role + "labels", "servers/api/labels", "{ mine: a }", ["api labels"], 3),
        Of(Role + "env/clear", "servers/api/env/clear", "{ C: d }", ["api env"], 2),
        Of(Role + "env/secret", "servers/api/env/secret", "[ APP_SECRET ]", ["api env"], 3),
        Of(Role + "asset_path", "servers/api/asset_path", "/app/public/assets:ro", ["api asset_path"], 1),
    ];

    private static IEnumerable<KeyChange> Accessories() =>
    [
        Of(Accessory + "service", Box + "service", "other-box", ["box Boot"]),
        Of(Accessory + "image", Box + "image", "\"busybox:latest\"", ["box image"], 1),
        Of(Accessory + "registry/server", Box + "registry/server", KeyProject.OtherRegistry, ["box registry/server"]) with
        {
            Before =
            [
                (Box + "registry/server", KeyProject.Registry), (Box + "registry/username", "lab"),
                (Box + "registry/password", "[ REGISTRY_PASSWORD ]"),
            ],
        },
        Moved("host", Far),
        Moved("hosts", $"[ {Far} ]"),
        Moved("role", "api"),
        Moved("roles", "[ api ]"),
        Moved("tag", "far"),
        Moved("tags", "[ far ]"),
        Of(Accessory + "cmd", Box + "cmd", "sleep 2000", ["box cmd"], 1),
        Of(Accessory + "port", Box + "port", "\"127.0.0.1:9000:9000\"", ["box port"], 2),
        Of(Accessory + "labels", Box + "labels", "{ mine: a }", ["box labels"], 3),
        Of(Accessory + "options", Box + "options", "{ init: true, memory: 64m }", ["box options"], 1),
        Of(Accessory + "env/clear", Box + "env/clear", "{ A: b }", ["box env"], 2),
        Of(Accessory + "env/secret", Box + "env/secret", "[ APP_SECRET ]", ["box env"], 3),
        Of(Accessory + "files", Box + "files", "[ \"config/one.conf:/etc/box.conf\", \"config/two.conf:/etc/two.conf:ro\" ]",
            ["box files"]),
        Of(Accessory + "directories", Box + "directories", "[ \"data:/data\", \"more:/more\" ]", ["box directories"]),
        Of(Accessory + "volumes", Box + "volumes", "[ \"boxes:/boxes\" ]", ["box volumes"], 2),
        Of(Accessory + "network", Box + "network", "other", ["box network"], 3),
    ];

    /// <summary>The keys of a file or directory.</summary>
    private static IEnumerable<KeyChange> Paths(string section, string usual, string otherLocal)
    {
        var name = usual.Split(", ");
        KeyChange Change(string key, string entry, int batch) =>
            Of($"{Accessory}{section}/{key}", Box + section, $"[ {{ {entry} }} ]", [$"box {section}"], batch);
        return
        [
            Change("local", $"local: {otherLocal}, {name[1]}", 1),
            Change("remote", $"{name[0]}, remote: /elsewhere/{section}", 2),
            Change("mode", $"{usual}, mode: \"0600\"", 3),
            Change("owner", $"{usual}, owner: \"1000:1000\"", 0),
            Change("options", $"{usual}, options: ro", 0),
        ];
    }

    private static KeyChange Moved(string key, string value) => Of(Accessory + key, Box + key, value, ["box Boot"]) with
    {
        After = [(Box + "host", null), (Box + key, value)],
    };

    private static KeyChange Of(string key, string path, string value, string[] named, int batch = 0) =>
        new(key) { After = [(path, value)], Named = [.. named], Batch = batch };
}
