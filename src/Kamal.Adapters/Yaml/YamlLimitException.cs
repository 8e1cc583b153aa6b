using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Adapters.Yaml;

/// <summary>A document that is not read on: it passes a limit or cannot be represented.</summary>
internal sealed class YamlLimitException(ConfigPosition position, string message) : Exception(message)
{
    public ConfigPosition Position { get; } = position;
}
