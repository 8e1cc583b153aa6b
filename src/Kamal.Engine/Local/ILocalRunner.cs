namespace Kamal.Engine.Local;

/// <summary>Runs programs on this machine.</summary>
public interface ILocalRunner
{
    /// <summary>Runs a program to its end.</summary>
    /// <param name="lines">Gets each line as it comes, from any thread; null when nobody listens.</param>
    /// <param name="cancellationToken">Ends the program and everything it started.</param>
    /// <returns>How it ended; a failure of the program is a result, no exception.</returns>
    /// <exception cref="KamalException">
    /// <see cref="KamalErrorId.LocalToolMissing"/>: there is no such program; <see cref="KamalErrorId.TimedOut"/>: it took
    /// longer than it may; <see cref="KamalErrorId.LocalCommandFailed"/>: it could not be started or printed without end.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the program has ended.</exception>
    Task<LocalResult> RunAsync(LocalCommand command, IProgress<LocalOutputLine>? lines, CancellationToken cancellationToken);
}

/// <summary>A line that a process on this machine printed, as it came.</summary>
/// <param name="Text">The line without its end; may hold control sequences of the program.</param>
public sealed record LocalOutputLine(LocalStream Stream, string Text);

/// <summary>Which output of a process.</summary>
public enum LocalStream
{
    /// <summary>Its standard output.</summary>
    Output,

    /// <summary>Its standard error.</summary>
    Error,
}

/// <summary>Hands on each line on the thread that read it, unlike <see cref="Progress{T}"/>, which may reorder them.</summary>
internal sealed class LineSink(Action<LocalOutputLine> receive) : IProgress<LocalOutputLine>
{
    /// <inheritdoc/>
    public void Report(LocalOutputLine value) => receive(value);
}
