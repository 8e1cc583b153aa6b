using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Engine.Configuration.Metadata;

/// <summary>true or false.</summary>
public sealed record BooleanShape : ValueShape
{
    /// <inheritdoc/>
    public override string Expected => "a boolean";

    /// <inheritdoc/>
    public override bool Accepts(ConfigNode node) => node is ConfigScalar { Kind: ScalarKind.Boolean };
}
