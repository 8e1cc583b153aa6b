namespace Kamal.Testing.Keys;

/// <summary>The project whose keys are changed: two proxied roles, an accessory, and a proxied accessory, on three hosts.</summary>
internal static class KeyProject
{
    /// <summary>The lab's registry.</summary>
    public const string Registry = "10.211.0.2:5000";

    /// <summary>Another name of it.</summary>
    public const string OtherRegistry = "10.211.0.2:5002";

    /// <summary>The lab's mirror of Docker Hub.</summary>
    public const string Hub = "10.211.0.2:5001";

    /// <summary>A port on which the app answers <c>/up</c> and <c>/version</c>, beside 80.</summary>
    public const string OtherPort = "8080";

    private const string OnBothPorts =
        $"sh -c 'mkdir -p /tmp/other && echo OK | tee /tmp/other/up > /tmp/other/version && httpd -p {OtherPort} -h /tmp/other"
        + " && exec ./start.sh'";

    private static readonly (string Path, string? Value)[] Base =
    [
        ("registry/server", Registry),
        ("registry/username", "lab"),
        ("registry/password", "[ REGISTRY_PASSWORD ]"),
        ("servers/web/hosts", "[ 10.211.0.11 ]"),
        ("servers/web/proxy", "true"),
        ("servers/web/cmd", OnBothPorts),
        ("servers/api/hosts", "[ { 10.211.0.12: far } ]"),
        ("servers/api/proxy/host", "api.example.com"),
        ("servers/api/cmd", OnBothPorts),
        ("proxy/host", "shop.example.com"),
        ("proxy/run/http_port", "80"),
        ("accessories/box/image", "\"busybox:1.35\""),
        ("accessories/box/host", "10.211.0.11"),
        ("accessories/box/cmd", "sleep 1000"),
        ("accessories/box/options", "{ init: true }"),
        ("accessories/box/files", "[ { local: config/one.conf, remote: /etc/box.conf } ]"),
        ("accessories/box/directories", "[ { local: data, remote: /data } ]"),
        ("accessories/search/image", $"\"{Registry}/shop:v1\""),
        ("accessories/search/host", "10.211.0.13"),
        ("accessories/search/cmd", OnBothPorts),
        ("accessories/search/proxy/host", "search.example.com"),
        ("accessories/search/proxy/run/http_port", "80"),
    ];

    /// <summary>The files of the project that the keys name.</summary>
    public static IReadOnlyList<(string Name, string Text)> Files { get; } =
        [("config/one.conf", "one\n"), ("config/two.conf", "two\n"), ("public/503.html", "later\n")];

    /// <summary>The secrets that the keys name, beside those of certificates.</summary>
    public static IReadOnlyList<string> Certificates { get; } = ["CERT", "KEY", "CERT2", "KEY2"];

    /// <summary>Its deploy.yml with changes, without the keys that depend on where it runs.</summary>
    /// <param name="changes">The changes, in order.</param>
    public static string Yaml(params IEnumerable<(string Path, string? Value)> changes)
    {
        var tree = new Branch();
        foreach (var (path, value) in Base.Concat(changes)) tree.Set(path.Split('/'), value);
        return string.Concat(tree.Lines("").Select(line => line + "\n"));
    }

    private sealed class Branch
    {
        private readonly SortedDictionary<string, object> _children = new(StringComparer.Ordinal);

        public void Set(ReadOnlySpan<string> path, string? value)
        {
            if (path.Length > 1)
            {
                if (_children.GetValueOrDefault(path[0]) is not Branch below) _children[path[0]] = below = new();
                below.Set(path[1..], value);
                if (below._children.Count == 0) _children.Remove(path[0]);
            }
            else if (value is null) _children.Remove(path[0]);
            else _children[path[0]] = value;
        }

        public IEnumerable<string> Lines(string indent) => _children.SelectMany(child => child.Value is Branch below
            ? below.Lines(indent + "  ").Prepend($"{indent}{child.Key}:")
            : [$"{indent}{child.Key}: {child.Value}"]);
    }
}
