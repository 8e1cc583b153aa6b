using System.Collections.Immutable;
using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Engine.Configuration.Metadata;

/// <summary>A value of one of several shapes; the first that accepts its kind decides.</summary>
/// <param name="Alternatives">The shapes.</param>
public sealed record ChoiceShape(ImmutableArray<ValueShape> Alternatives) : ValueShape
{
    /// <inheritdoc/>
    public override string Expected => string.Join(" or ", Alternatives.Select(shape => shape.Expected).Distinct());

    /// <inheritdoc/>
    public override bool Accepts(ConfigNode node) => Alternatives.Any(shape => shape.Accepts(node));

    /// <summary>The shape that a value is held to, or null if none accepts it.</summary>
    /// <param name="node">The value.</param>
    public ValueShape? Choose(ConfigNode node) => Alternatives.FirstOrDefault(shape => shape.Accepts(node));
}
