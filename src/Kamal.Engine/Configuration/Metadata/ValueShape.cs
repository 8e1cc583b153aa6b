using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Engine.Configuration.Metadata;

/// <summary>What a key's value may look like. Validation, JSON schema and documentation all come from it.</summary>
public abstract record ValueShape
{
    /// <summary>What is expected, for messages: <c>a boolean</c>, <c>a list</c>.</summary>
    public abstract string Expected { get; }

    /// <summary>Whether a value is of this kind at all, whatever it contains.</summary>
    /// <param name="node">The value.</param>
    public abstract bool Accepts(ConfigNode node);
}
