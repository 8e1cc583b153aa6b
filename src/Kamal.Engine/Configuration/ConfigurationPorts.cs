using System.Collections.Immutable;
using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Engine.Configuration;

/// <summary>Parses YAML.</summary>
public interface IYamlReader
{
    /// <summary>Parses one document with Ruby's YAML types, in bounded time and memory for any input.</summary>
    /// <param name="problems">Receives problems: syntax errors, exceeded limits, unsupported tags; as warnings, duplicate keys.</param>
    /// <returns>The document; null after a syntax error or an exceeded limit. An empty file is an empty scalar.</returns>
    ConfigNode? Read(SourceText source, ICollection<ConfigurationProblem> problems);
}

/// <summary>Text to parse, with the positions of its lines in the file, which differ after templates are evaluated.</summary>
/// <param name="File">The file's name for messages.</param>
/// <param name="Lines">For each line of the text the line in the file, from 1, negative if its columns differ; empty if all are
/// the same.</param>
public sealed record SourceText(string Text, string File, ImmutableArray<int> Lines)
{
    /// <summary>Text with the same lines as the file.</summary>
    /// <param name="file">The file's name for messages.</param>
    public SourceText(string text, string file) : this(text, file, []) { }

    /// <summary>Maps a position in the text to the file.</summary>
    /// <param name="line">The line in the text, from 1.</param>
    /// <param name="column">The column in the text, from 1.</param>
    public ConfigPosition At(int line, int column) =>
        Lines.IsEmpty || line < 1 || line > Lines.Length ? new(File, line, column)
        : Lines[line - 1] is < 0 and var changed ? new(File, -changed, 0)
        : new(File, Lines[line - 1], column);
}

/// <summary>Evaluates <c>config/deploy.ps1</c> in PowerShell.</summary>
public interface IConfigurationScript
{
    /// <summary>Runs a script and returns its output.</summary>
    /// <returns>Dictionaries, lists and plain values, without PowerShell's wrappers.</returns>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ConfigurationInvalid"/>: the script failed or did not return
    /// exactly one hashtable.</exception>
    Task<object?> EvaluateAsync(string path, string? destination, CancellationToken cancellationToken);
}
