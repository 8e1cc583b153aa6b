namespace Kamal.Engine.Output;

/// <summary>Records a run. Called by one thread at a time.</summary>
public interface IRunRecorder : IAsyncDisposable
{
    /// <summary>Writes lines.</summary>
    Task WriteAsync(IReadOnlyList<RecordLine> lines, CancellationToken cancellationToken);

    /// <summary>Starts the record.</summary>
    Task BeginAsync(RunIdentity run, DateTimeOffset startedAt, CancellationToken cancellationToken);

    /// <summary>Ends the record.</summary>
    /// <param name="outcome">How the run ended.</param>
    /// <param name="errorText">The error's redacted text, or null.</param>
    /// <returns>A message that tells where the record is.</returns>
    Task<string> CompleteAsync(RunOutcome outcome, DateTimeOffset endedAt, string? errorText, CancellationToken cancellationToken);
}

/// <summary>Identifies a recorded run.</summary>
/// <param name="Command">Kamal's name for the command, such as <c>deploy</c> or <c>app boot</c>.</param>
public sealed record RunIdentity(string Command, string Service)
{
    /// <summary>The destination, or null.</summary>
    public string? Destination { get; init; }

    /// <summary>The version, if known when the run started.</summary>
    public string? Version { get; init; }

    /// <summary>The person who runs it, or null if unknown.</summary>
    public string? Performer { get; init; }

    /// <summary>A unique ID.</summary>
    public Guid Id { get; init; } = Guid.NewGuid();
}

/// <summary>How a recorded run ended.</summary>
/// <param name="Error">The error, or null after success.</param>
public sealed record RunOutcome(TimeSpan Duration, Exception? Error)
{
    /// <summary>The error ID, or null after success.</summary>
    public string? ErrorKind => Error switch
    {
        null => null,
        KamalException kamal => kamal.Id.ToString(),
        OperationCanceledException => nameof(KamalErrorId.Cancelled),
        _ => Error.GetType().Name,
    };
}

/// <summary>A line of a run's record.</summary>
/// <param name="Text">The line, without secrets.</param>
public sealed record RecordLine(DateTimeOffset Time, RecordSeverity Severity, string Text)
{
    /// <summary>The host, or null for this machine.</summary>
    public string? HostName { get; init; }

    /// <summary><c>stdout</c> or <c>stderr</c> for a program's output; otherwise null.</summary>
    public string? Stream { get; init; }
}

/// <summary>The severity of a line; the values are OpenTelemetry's severity numbers.</summary>
public enum RecordSeverity
{
    /// <summary>Details.</summary>
    Debug = 5,

    /// <summary>Progress.</summary>
    Info = 9,

    /// <summary>A warning.</summary>
    Warn = 13,

    /// <summary>A failure.</summary>
    Error = 17,
}
