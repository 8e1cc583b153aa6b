using System.Collections.Immutable;
using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Engine.Configuration;

/// <summary>Port to a YAML parser.</summary>
public interface IYamlReader
{
    /// <summary>Reads one document, typed as Ruby's YAML reader does, in bounded time and memory whatever the input.</summary>
    /// <param name="problems">Receives what is wrong: syntax, duplicate keys, too deep or too large, unsupported tags.</param>
    /// <returns>The document; null where its syntax is broken or a limit was passed. An empty file is an empty scalar.</returns>
    ConfigNode? Read(SourceText source, ICollection<ConfigurationProblem> problems);
}

/// <summary>Text to parse, with the places its lines have in the file: a template's lines are not those of its outcome.</summary>
/// <param name="File">The file's name for messages.</param>
/// <param name="Lines">For each line of the text the line in the file, from 1, negative where its columns differ; empty where both are the same.</param>
public sealed record SourceText(string Text, string File, ImmutableArray<int> Lines)
{
    /// <summary>Text whose lines are the file's.</summary>
    /// <param name="file">The file's name for messages.</param>
    public SourceText(string text, string file) : this(text, file, []) { }

    /// <summary>The place in the file of a place in the text.</summary>
    /// <param name="line">The line in the text, from 1.</param>
    /// <param name="column">The column in the text, from 1.</param>
    public ConfigPosition At(int line, int column) =>
        Lines.IsEmpty || line < 1 || line > Lines.Length ? new(File, line, column)
        : Lines[line - 1] is < 0 and var changed ? new(File, -changed, 0)
        : new(File, Lines[line - 1], column);
}

/// <summary>Port to PowerShell: evaluates <c>config/deploy.ps1</c>.</summary>
public interface IConfigurationScript
{
    /// <summary>Runs a script and returns the one value it writes.</summary>
    /// <returns>Dictionaries, lists and plain values, without PowerShell's wrappers.</returns>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ConfigurationInvalid"/>: the script failed or wrote something else than one hashtable.</exception>
    Task<object?> EvaluateAsync(string path, string? destination, CancellationToken cancellationToken);
}
