using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Engine.Configuration.Metadata;

/// <summary>Any single value, or none at all.</summary>
public sealed record ScalarShape : ValueShape
{
    /// <inheritdoc/>
    public override string Expected => "a single value";

    /// <inheritdoc/>
    public override bool Accepts(ConfigNode node) => node is ConfigScalar;
}
