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
