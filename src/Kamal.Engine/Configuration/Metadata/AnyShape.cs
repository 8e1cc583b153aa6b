using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Engine.Configuration.Metadata;

/// <summary>Anything: an extension's content.</summary>
public sealed record AnyShape : ValueShape
{
    /// <inheritdoc/>
    public override string Expected => "anything";

    /// <inheritdoc/>
    public override bool Accepts(ConfigNode node) => true;
}
