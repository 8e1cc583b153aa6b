using System.Collections.Immutable;
using Kamal.Engine.Configuration.Metadata;
using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Engine.Configuration.Loading;

/// <summary>Reads the <c>servers</c> section as roles, sorted by name as in Kamal.</summary>
internal static class ServerList
{
    public static string DefaultRole => Defaults.Root.PrimaryRoleName;

    /// <summary>A role; its settings are null for a plain list of hosts.</summary>
    public sealed record Role(string Name, ConfigNode Node, ConfigMap? Settings, ImmutableArray<TaggedHost> Hosts)
    {
        /// <summary>Whether it is proxied: the primary role by default, other roles only if set.</summary>
        public bool IsProxied(string primary)
        {
            var proxy = Settings?["proxy"];
            var off = proxy is ConfigScalar { IsFalse: true };
            return Name == primary ? !off : !off && proxy is not (null or ConfigScalar { Kind: ScalarKind.Null });
        }
    }

    public static ImmutableArray<Role> Read(ConfigMap root) => root["servers"] switch
    {
        ConfigList list => [new Role(DefaultRole, list, null, Hosts(list))],
        ConfigMap map => [.. map.Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => entry.Value switch
        {
            ConfigList list => new Role(entry.Key, list, null, Hosts(list)),
            ConfigMap settings => new Role(entry.Key, settings, settings, Hosts(settings["hosts"] as ConfigList)),
            _ => new Role(entry.Key, entry.Value, null, []),
        })],
        _ => [],
    };

    /// <summary>The hosts of a list. A duplicate keeps its first position and its last tags.</summary>
    public static ImmutableArray<TaggedHost> Hosts(ConfigList? list)
    {
        var order = new List<string>();
        var tags = new Dictionary<string, ImmutableArray<string>>(StringComparer.Ordinal);
        foreach (var item in list?.Items ?? [])
        {
            var (name, mine) = item switch
            {
                ConfigScalar { IsBlank: false } scalar => (scalar.Text, ImmutableArray<string>.Empty),
                ConfigMap { Entries: [var only] } => (only.Key, Tags(only.Value)),
                _ => (null, ImmutableArray<string>.Empty),
            };
            if (name is null) continue;
            if (!tags.ContainsKey(name)) order.Add(name);
            tags[name] = mine;
        }

        return [.. order.Select(name => new TaggedHost(name, tags[name]))];
    }

    private static ImmutableArray<string> Tags(ConfigNode node) => node switch
    {
        ConfigList list => [.. list.Items.OfType<ConfigScalar>().Select(item => item.Text)],
        ConfigScalar { IsBlank: false } scalar => [scalar.Text],
        _ => [],
    };
}
