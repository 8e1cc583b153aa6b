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
internal sealed record ErbSegment(ErbSegmentKind Kind, string Content, int Line, int Column);
