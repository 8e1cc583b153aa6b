using System.Collections.Immutable;
using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Engine.Configuration;

/// <summary>Text to parse, with the places its lines have in the file: a template's lines are not those of its outcome.</summary>
/// <param name="Text">The text.</param>
/// <param name="File">The file's name for messages.</param>
/// <param name="Lines">For each line of the text the line in the file, from 1, negative where its columns differ; empty where both are the same.</param>
public sealed record SourceText(string Text, string File, ImmutableArray<int> Lines)
{
    /// <summary>Text whose lines are the file's.</summary>
    /// <param name="text">The text.</param>
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
