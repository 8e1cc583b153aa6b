namespace Kamal.Engine.Output;

/// <summary>Keeps the record of a run somewhere. Called by one thread at a time.</summary>
public interface IRunRecorder : IAsyncDisposable
{
    /// <summary>Takes lines.</summary>
    /// <param name="lines">The lines, in order.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task WriteAsync(IReadOnlyList<RecordLine> lines, CancellationToken cancellationToken);

    /// <summary>Begins the record.</summary>
    /// <param name="run">Which run it is of.</param>
    /// <param name="startedAt">When it began.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task BeginAsync(RunIdentity run, DateTimeOffset startedAt, CancellationToken cancellationToken);

    /// <summary>Ends the record.</summary>
    /// <param name="outcome">How the run ended; its error's text is redacted.</param>
    /// <param name="endedAt">When it ended.</param>
    /// <param name="errorText">The error's redacted text, or null.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>A sentence for people on where the record is.</returns>
    Task<string> CompleteAsync(RunOutcome outcome, DateTimeOffset endedAt, string? errorText, CancellationToken cancellationToken);
}

/// <summary>Which run a record is of.</summary>
/// <param name="Command">Kamal's name of the command, as <c>deploy</c> or <c>app boot</c>.</param>
/// <param name="Service">The service.</param>
public sealed record RunIdentity(string Command, string Service)
{
    /// <summary>The destination, or null.</summary>
    public string? Destination { get; init; }

    /// <summary>The version, where the run began with one.</summary>
    public string? Version { get; init; }

    /// <summary>Who does it, or null if unknown.</summary>
    public string? Performer { get; init; }

    /// <summary>Identifies this one run.</summary>
    public Guid Id { get; init; } = Guid.NewGuid();
}

/// <summary>How a recorded run ended.</summary>
/// <param name="Duration">How long it took.</param>
/// <param name="Error">Why it failed, or null if it did not.</param>
public sealed record RunOutcome(TimeSpan Duration, Exception? Error)
{
    /// <summary>The kind of error, as scripts match it; null after success.</summary>
    public string? ErrorKind => Error switch
    {
        null => null,
        KamalException kamal => kamal.Id.ToString(),
        OperationCanceledException => nameof(KamalErrorId.Cancelled),
        _ => Error.GetType().Name,
    };
}

/// <summary>One line of a run's record.</summary>
/// <param name="Time">When it came.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Text">The line; holds no secret.</param>
public sealed record RecordLine(DateTimeOffset Time, RecordSeverity Severity, string Text)
{
    /// <summary>The host, or null for this machine.</summary>
    public string? HostName { get; init; }

    /// <summary><c>stdout</c> or <c>stderr</c> for what a program printed; else null.</summary>
    public string? Stream { get; init; }
}

/// <summary>How much a line of a record matters; the values are OpenTelemetry's severity numbers.</summary>
public enum RecordSeverity
{
    /// <summary>For those who look for something.</summary>
    Debug = 5,

    /// <summary>What happened.</summary>
    Info = 9,

    /// <summary>What should not be so.</summary>
    Warn = 13,

    /// <summary>What failed.</summary>
    Error = 17,
}
