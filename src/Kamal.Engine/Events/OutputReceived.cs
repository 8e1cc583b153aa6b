namespace Kamal.Engine.Events;

/// <summary>A line that a program printed and people want to see as it comes: a build's progress, a hook's words, a followed log.</summary>
/// <param name="Source">What printed it: <c>build</c>, a hook's name, a container.</param>
/// <param name="Line">The line, without its end.</param>
public sealed record OutputReceived(string Source, string Line) : RunEvent
{
    /// <summary>Whether it came on standard error.</summary>
    public bool IsError { get; init; }

    /// <summary>Whether it is shown to everybody, or only on request (PowerShell's verbose stream).</summary>
    public bool IsDetail { get; init; }
}
