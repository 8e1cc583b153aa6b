namespace Kamal.Engine.Templates;

/// <summary>What a piece of a template is.</summary>
internal enum ErbSegmentKind
{
    Text,
    Output,
    Code,
}

/// <summary>A piece of a template.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Content">Text as it stands, or code between the marks.</param>
/// <param name="Line">The line it begins on, from 1.</param>
/// <param name="Column">The column it begins in, from 1.</param>
internal sealed record ErbSegment(ErbSegmentKind Kind, string Content, int Line, int Column)
{
    /// <summary>Where it begins in the template.</summary>
    public int Start { get; init; }

    /// <summary>Where it ends in the template.</summary>
    public int End { get; init; }

    /// <summary>Whether <c>-%&gt;</c> took the line's end with it.</summary>
    public bool EndsLine { get; init; }

    /// <summary>Whether it stands in a comment of the file around it.</summary>
    public bool IsComment { get; init; }
}
