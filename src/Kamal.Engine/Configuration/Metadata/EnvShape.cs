using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Engine.Configuration.Metadata;

/// <summary>Environment variables: a plain map of them, or a map with <c>clear</c>, <c>secret</c> and (in the root) <c>tags</c>.</summary>
/// <param name="AllowTags">Whether <c>tags</c> is allowed here.</param>
public sealed record EnvShape(bool AllowTags) : ValueShape
{
    /// <inheritdoc/>
    public override string Expected => "a map";

    /// <inheritdoc/>
    public override bool Accepts(ConfigNode node) => node is ConfigMap;

    /// <summary>Whether a map has the form with <c>clear</c>, <c>secret</c> and <c>tags</c>.</summary>
    /// <param name="map">The map.</param>
    public static bool IsSplit(ConfigMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return map.Has("clear") || map.Has("secret") || map.Has("tags");
    }
}
