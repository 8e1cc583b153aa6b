using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Engine.Configuration.Metadata;

/// <summary>A whole number.</summary>
public sealed record IntegerShape : ValueShape
{
    /// <summary>The least allowed value.</summary>
    public long Minimum { get; init; }

    /// <summary>The largest allowed value.</summary>
    public long Maximum { get; init; } = int.MaxValue;

    /// <summary>The unit, as <c>seconds</c>, or null.</summary>
    public string? Unit { get; init; }

    /// <inheritdoc/>
    public override string Expected => "an integer";

    /// <inheritdoc/>
    public override bool Accepts(ConfigNode node) => node is ConfigScalar { Kind: ScalarKind.Integer };
}
