using System.Collections.Immutable;
using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Engine.Configuration.Metadata;

/// <summary>A map with keys of the user's own.</summary>
/// <param name="Value">The shape of each value.</param>
public sealed record MapShape(ValueShape Value) : ValueShape
{
    /// <summary>A regular expression that each key must match, or null.</summary>
    public string? KeyPattern { get; init; }

    /// <summary>What the pattern means, for messages.</summary>
    public string? KeyMeaning { get; init; }

    /// <summary>Keys that may not be used.</summary>
    public ImmutableArray<string> Reserved { get; init; } = [];

    /// <summary>Whether there must be exactly one key.</summary>
    public bool Single { get; init; }

    /// <summary>Keys whose values have a shape of their own.</summary>
    public ImmutableDictionary<string, ValueShape> Special { get; init; } = ImmutableDictionary<string, ValueShape>.Empty;

    /// <inheritdoc/>
    public override string Expected => "a map";

    /// <inheritdoc/>
    public override bool Accepts(ConfigNode node) => node is ConfigMap;
}
