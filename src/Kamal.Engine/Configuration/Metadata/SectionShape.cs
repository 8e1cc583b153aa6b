using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Engine.Configuration.Metadata;

/// <summary>A map with the keys of a section.</summary>
/// <param name="Section">The section.</param>
public sealed record SectionShape(ConfigurationSection Section) : ValueShape
{
    /// <inheritdoc/>
    public override string Expected => "a map";

    /// <inheritdoc/>
    public override bool Accepts(ConfigNode node) => node is ConfigMap;
}
