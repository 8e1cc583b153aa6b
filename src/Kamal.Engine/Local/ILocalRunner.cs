namespace Kamal.Engine.Local;

/// <summary>Runs programs on this machine.</summary>
public interface ILocalRunner
{
    /// <summary>Runs a program to its end.</summary>
    /// <param name="command">What to run.</param>
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
