using System.Collections.Immutable;

namespace Kamal.Engine.Configuration.Nodes;

/// <summary>
/// A value of a configuration file with its position: a scalar, a list or a map. Immutable, so that aliases can share it.
/// </summary>
public abstract class ConfigNode
{
    private protected ConfigNode(ConfigPosition position) => Position = position;

    /// <summary>Where it starts.</summary>
    public ConfigPosition Position { get; }

    /// <summary>What it is, for messages: <c>a map</c>, <c>the boolean true</c>.</summary>
    public abstract string Description { get; }
}

/// <summary>A position in a configuration file.</summary>
/// <param name="File">The file's path, as specified.</param>
/// <param name="Line">The line, from 1; 0 for the whole file.</param>
/// <param name="Column">The column, from 1; 0 for the whole line.</param>
public readonly record struct ConfigPosition(string File, int Line, int Column)
{
    /// <summary><c>FILE:LINE:COLUMN</c>, without unknown parts.</summary>
    public override string ToString() => Line == 0 ? File : Column == 0 ? $"{File}:{Line}" : $"{File}:{Line}:{Column}";
}

/// <summary>A list of values.</summary>
public sealed class ConfigList : ConfigNode
{
    /// <summary>Makes a list.</summary>
    public ConfigList(ConfigPosition position, ImmutableArray<ConfigNode> items) : base(position) => Items = items;

    /// <summary>Its values.</summary>
    public ImmutableArray<ConfigNode> Items { get; }

    /// <inheritdoc/>
    public override string Description => Items.IsEmpty ? "an empty list" : "a list";
}
