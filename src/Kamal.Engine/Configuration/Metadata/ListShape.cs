using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Engine.Configuration.Metadata;

/// <summary>A list of values of one shape.</summary>
/// <param name="Item">The shape of each value.</param>
public sealed record ListShape(ValueShape Item) : ValueShape
{
    /// <summary>The fewest values.</summary>
    public int MinimumItems { get; init; }

    /// <summary>The most values.</summary>
    public int MaximumItems { get; init; } = int.MaxValue;

    /// <inheritdoc/>
    public override string Expected => MaximumItems == 1 ? "a list with one entry" : "a list";

    /// <inheritdoc/>
    public override bool Accepts(ConfigNode node) => node is ConfigList;
}
