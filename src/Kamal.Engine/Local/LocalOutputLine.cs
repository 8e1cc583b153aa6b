namespace Kamal.Engine.Local;

/// <summary>A line that a process on this machine printed, as it came.</summary>
/// <param name="Stream">Where it printed it.</param>
/// <param name="Text">The line without its end; may hold control sequences of the program.</param>
public sealed record LocalOutputLine(LocalStream Stream, string Text);
