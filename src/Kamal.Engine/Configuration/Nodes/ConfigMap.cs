using System.Collections.Immutable;

namespace Kamal.Engine.Configuration.Nodes;

/// <summary>A map in the order of the file; its keys are distinct.</summary>
public sealed class ConfigMap : ConfigNode
{
    private readonly Dictionary<string, ConfigEntry> _byKey = new(StringComparer.Ordinal);

    /// <summary>Makes a map.</summary>
    /// <param name="entries">The keys and values. For a duplicate key, the later value replaces the earlier one in place, as in
    /// Ruby.</param>
    public ConfigMap(ConfigPosition position, IEnumerable<ConfigEntry> entries) : base(position)
    {
        var order = new List<string>();
        foreach (var entry in entries)
        {
            if (_byKey.TryAdd(entry.Key, entry)) order.Add(entry.Key);
            else _byKey[entry.Key] = entry;
        }

        Entries = [.. order.Select(key => _byKey[key])];
    }

    /// <summary>Its keys and values.</summary>
    public ImmutableArray<ConfigEntry> Entries { get; }

    /// <summary>The value of a key, or null.</summary>
    public ConfigNode? this[string key] => _byKey.TryGetValue(key, out var entry) ? entry.Value : null;

    /// <summary>Whether it has that key.</summary>
    public bool Has(string key) => _byKey.ContainsKey(key);

    /// <summary>The entry of a key, or null.</summary>
    public ConfigEntry? Find(string key) => _byKey.GetValueOrDefault(key);

    /// <inheritdoc/>
    public override string Description => Entries.IsEmpty ? "an empty map" : "a map";

    /// <summary>
    /// Merges another map over this one: nested maps are merged, other values replaced, as by ActiveSupport's deep_merge.
    /// </summary>
    /// <param name="other">The map that takes precedence.</param>
    public ConfigMap DeepMerge(ConfigMap other) =>
        new(Position, Entries.Concat(other.Entries.Select(theirs =>
            this[theirs.Key] is ConfigMap mine && theirs.Value is ConfigMap value
                ? theirs with { Value = mine.DeepMerge(value) }
                : theirs)));

    /// <summary>A copy without some keys.</summary>
    /// <param name="keys">The keys to leave out.</param>
    public ConfigMap Without(params ReadOnlySpan<string> keys)
    {
        var left = new List<ConfigEntry>(Entries.Length);
        foreach (var entry in Entries)
        {
            if (!keys.Contains(entry.Key)) left.Add(entry);
        }

        return new(Position, left);
    }
}

/// <summary>A key of a map with its value.</summary>
public sealed record ConfigEntry(string Key, ConfigPosition KeyPosition, ConfigNode Value);
