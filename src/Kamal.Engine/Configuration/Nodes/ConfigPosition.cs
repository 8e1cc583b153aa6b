namespace Kamal.Engine.Configuration.Nodes;

/// <summary>Where something stands in a configuration file.</summary>
/// <param name="File">The file's path as it was given.</param>
/// <param name="Line">The line, from 1; 0 for the file as a whole.</param>
/// <param name="Column">The column, from 1; 0 for the line as a whole.</param>
public readonly record struct ConfigPosition(string File, int Line, int Column)
{
    /// <summary><c>FILE:LINE:COLUMN</c>, without what is not known.</summary>
    public override string ToString() => Line == 0 ? File : Column == 0 ? $"{File}:{Line}" : $"{File}:{Line}:{Column}";
}
