namespace Kamal.Engine.Configuration.Nodes;

/// <summary>One key of a map with its value.</summary>
/// <param name="Key">The key as text.</param>
/// <param name="KeyPosition">Where the key stands.</param>
/// <param name="Value">Its value.</param>
public sealed record ConfigEntry(string Key, ConfigPosition KeyPosition, ConfigNode Value);
