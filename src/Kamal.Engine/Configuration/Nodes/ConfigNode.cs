namespace Kamal.Engine.Configuration.Nodes;

/// <summary>A value of a configuration file with its place: a scalar, a list or a map. Immutable, so that aliases can share it.</summary>
public abstract class ConfigNode
{
    private protected ConfigNode(ConfigPosition position) => Position = position;

    /// <summary>Where it begins.</summary>
    public ConfigPosition Position { get; }

    /// <summary>What it is, for messages: <c>a map</c>, <c>the boolean true</c>.</summary>
    public abstract string Description { get; }
}
