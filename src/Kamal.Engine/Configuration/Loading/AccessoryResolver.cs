using System.Collections.Immutable;
using Kamal.Engine.Configuration.Metadata;
using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Engine.Configuration.Loading;

/// <summary>Converts accessories to records.</summary>
internal static class AccessoryResolver
{
    public static ImmutableArray<AccessoryConfiguration> Resolve(ConfigMap root)
    {
        var roles = ServerList.Read(root);
        return [.. root.EntriesOf("accessories").Select(entry => Resolve(entry.Key, (ConfigMap)entry.Value, root.Text("service")!, roles))];
    }

    private static AccessoryConfiguration Resolve(string name, ConfigMap map, string service, ImmutableArray<ServerList.Role> roles)
    {
        var registry = map.Map("registry") is { Entries.IsEmpty: false } own ? ValueResolver.Registry(own) : null;
        var image = map.Text("image") ?? "";
        var (options, restart) = ValueResolver.ContainerOptions(map.Map("options"));
        return new(name)
        {
            ServiceName = map.Text("service") ?? $"{service}-{name}",
            Image = registry?.Server is { } server ? $"{server}/{image}" : image,
            Hosts = AccessoryHosts.Of(map, roles),
            Registry = registry,
            Port = map.Text("port") is { } port ? PublishedPort(port) : null,
            Command = map.Text("cmd")?.TrimEnd(),
            Labels = ValueResolver.Variables(map.Map("labels")),
            Options = options,
            RestartPolicy = restart ?? Defaults.Accessory.RestartPolicy,
            Env = ValueResolver.Env(map.Map("env")),
            Files = Paths(map, "files"),
            Directories = Paths(map, "directories"),
            Volumes = map.Texts("volumes") ?? ImmutableArray<string>.Empty,
            Network = map.Text("network") ?? Defaults.Accessory.Network,
            Proxy = map.Map("proxy") is { Entries.IsEmpty: false } proxy ? ProxyResolver.Resolve(proxy) : null,
        };
    }

    /// <summary>One number stands for both sides; the protocol is the container's side alone.</summary>
    private static string PublishedPort(string port) =>
        port.Contains(':', StringComparison.Ordinal) ? port
        : port.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash ? $"{port[..slash]}:{port}"
        : $"{port}:{port}";

    private static ImmutableArray<AccessoryPath> Paths(ConfigMap map, string key)
    {
        if (map[key] is not ConfigList list) return [];
        return [.. list.Items.Select(item => item is ConfigMap path ? FromMap(path) : FromText(((ConfigScalar)item).Text))];
    }

    private static AccessoryPath FromMap(ConfigMap map) => new(map.Text("local")!, map.Text("remote")!)
    {
        Mode = map.Text("mode"),
        Owner = map.Text("owner"),
        Options = map.Text("options"),
    };

    private static AccessoryPath FromText(string text)
    {
        var parts = SplitPath(text);
        return new(parts[0], parts[1]) { Options = parts.Length > 2 && parts[2].Length > 0 ? parts[2] : null };
    }

    /// <summary>The parts of <c>LOCAL:REMOTE[:OPTIONS]</c>. LOCAL may begin with a drive, as in <c>C:\my.cnf:/etc/my.cnf</c>.</summary>
    public static string[] SplitPath(string text)
    {
        // f:/etc/f is a file f and its path in the container.
        var hasDrive = text.Length > 2 && char.IsAsciiLetter(text[0]) && text[1] == ':' && text[2] is '\\' or '/'
            && text.IndexOf(":/", 3, StringComparison.Ordinal) > 0;
        if (!hasDrive) return text.Split(':', 3);
        var parts = text[2..].Split(':', 3);
        parts[0] = text[..2] + parts[0];
        return parts;
    }
}
