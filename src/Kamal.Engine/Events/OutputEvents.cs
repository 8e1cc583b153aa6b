namespace Kamal.Engine.Events;

/// <summary>A message for the operator.</summary>
/// <param name="Text">The message, without secrets.</param>
public sealed record MessageEmitted(MessageSeverity Severity, string Text) : RunEvent;

/// <summary>The PowerShell stream that a message goes to.</summary>
public enum MessageSeverity
{
    /// <summary>Details for debugging, such as SSH messages.</summary>
    Debug,

    /// <summary>Each step.</summary>
    Verbose,

    /// <summary>Shown by default.</summary>
    Information,

    /// <summary>Something is wrong, but the run continues.</summary>
    Warning,
}

/// <summary>A line of output to show as it arrives: a build's progress, a hook's output, a followed log.</summary>
/// <param name="Source">What printed it: <c>build</c>, a hook's name, a container.</param>
/// <param name="Line">The line, without its end.</param>
public sealed record OutputReceived(string Source, string Line) : RunEvent
{
    /// <summary>Whether it was written to standard error.</summary>
    public bool IsError { get; init; }

    /// <summary>Whether it goes to the verbose stream.</summary>
    public bool IsDetail { get; init; }
}

/// <summary>More of the image has been sent to a host.</summary>
/// <param name="Sent">How many bytes.</param>
/// <param name="Total">How many the whole image has; layers that the host has are not sent.</param>
public sealed record TransferProgressed(long Sent, long Total) : RunEvent;

/// <summary>Output of a user's command, to pass on unchanged.</summary>
public sealed record RawOutputReceived(ReadOnlyMemory<byte> Bytes) : RunEvent
{
    /// <summary>Whether they were written to standard error.</summary>
    public bool IsError { get; init; }
}

/// <summary>An object for the pipeline.</summary>
/// <param name="Result">One of the records of <c>Kamal.Engine.Results</c>.</param>
public sealed record ResultProduced(object Result) : RunEvent;

/// <summary>A run that asks again and again has produced the results of one round.</summary>
public sealed record RoundCompleted : RunEvent;
