using System.Collections.Immutable;

namespace Kamal.Engine.Configuration.Nodes;

/// <summary>A list of values.</summary>
public sealed class ConfigList : ConfigNode
{
    /// <summary>Makes a list.</summary>
    /// <param name="position">Where it begins.</param>
    /// <param name="items">Its values.</param>
    public ConfigList(ConfigPosition position, ImmutableArray<ConfigNode> items) : base(position) => Items = items;

    /// <summary>Its values.</summary>
    public ImmutableArray<ConfigNode> Items { get; }

    /// <inheritdoc/>
    public override string Description => Items.IsEmpty ? "an empty list" : "a list";
}
