namespace Kamal.Engine.Local;

/// <summary>Runs programs on this machine.</summary>
public interface ILocalRunner
{
    /// <summary>Runs a program to its end.</summary>
    /// <param name="lines">Receives each line as it arrives, from any thread; null for none.</param>
    /// <param name="cancellationToken">Ends the program and its child processes.</param>
    /// <returns>The result. A program that fails is a result and not an exception.</returns>
    /// <exception cref="KamalException">
    /// <see cref="KamalErrorId.LocalToolMissing"/>: the program was not found; <see cref="KamalErrorId.TimedOut"/>: it exceeded
    /// its time limit; <see cref="KamalErrorId.LocalCommandFailed"/>: it did not start, or its output exceeded the limit.
    /// </exception>
    /// <exception cref="OperationCanceledException">The call was cancelled, and the program has ended.</exception>
    Task<LocalResult> RunAsync(LocalCommand command, IProgress<LocalOutputLine>? lines, CancellationToken cancellationToken);
}

/// <summary>A line of output of a local process.</summary>
/// <param name="Text">The line without its end; may contain control sequences.</param>
public sealed record LocalOutputLine(LocalStream Stream, string Text);

/// <summary>An output stream of a process.</summary>
public enum LocalStream
{
    /// <summary>Its standard output.</summary>
    Output,

    /// <summary>Its standard error.</summary>
    Error,
}

/// <summary>Reports each line on the thread that read it, unlike <see cref="Progress{T}"/>, which may reorder them.</summary>
internal sealed class LineSink(Action<LocalOutputLine> receive) : IProgress<LocalOutputLine>
{
    /// <inheritdoc/>
    public void Report(LocalOutputLine value) => receive(value);
}
