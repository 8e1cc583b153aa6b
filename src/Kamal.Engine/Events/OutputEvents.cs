namespace Kamal.Engine.Events;

/// <summary>A sentence for people.</summary>
/// <param name="Severity">How much it matters.</param>
/// <param name="Text">The sentence; holds no secret.</param>
public sealed record MessageEmitted(MessageSeverity Severity, string Text) : RunEvent;

/// <summary>How much a message matters.</summary>
public enum MessageSeverity
{
    /// <summary>For the maintainers: SSH and the like.</summary>
    Debug,

    /// <summary>For somebody who wants to know each step.</summary>
    Verbose,

    /// <summary>For everybody.</summary>
    Information,

    /// <summary>Something is not as it should be, and the run goes on.</summary>
    Warning,
}

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

/// <summary>Bytes that a user's own command printed and that go to the output unchanged.</summary>
/// <param name="Bytes">The bytes.</param>
public sealed record RawOutputReceived(ReadOnlyMemory<byte> Bytes) : RunEvent
{
    /// <summary>Whether they came on standard error.</summary>
    public bool IsError { get; init; }
}

/// <summary>An object for the pipeline.</summary>
/// <param name="Result">One of the records of <c>Kamal.Engine.Results</c>.</param>
public sealed record ResultProduced(object Result) : RunEvent;
