using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Engine.Configuration;

/// <summary>Port to a YAML parser.</summary>
public interface IYamlReader
{
    /// <summary>Reads one document, typed as Ruby's YAML reader does, in bounded time and memory whatever the input.</summary>
    /// <param name="source">The file's text.</param>
    /// <param name="problems">Receives what is wrong: syntax, duplicate keys, too deep or too large, unsupported tags.</param>
    /// <returns>The document; null where its syntax is broken or a limit was passed. An empty file is an empty scalar.</returns>
    ConfigNode? Read(SourceText source, ICollection<ConfigurationProblem> problems);
}
