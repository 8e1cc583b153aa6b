using System.Collections.Concurrent;

namespace Kamal.Engine.Local;

/// <summary>Runs read-only commands, and records other commands instead of running them.</summary>
/// <param name="inner">Runs the read-only commands.</param>
public sealed class PreviewLocalRunner(ILocalRunner inner) : ILocalRunner
{
    private readonly ConcurrentQueue<LocalCommand> _recorded = new();

    /// <summary>The commands that were not run, in order.</summary>
    public IReadOnlyList<LocalCommand> Recorded => [.. _recorded];

    /// <summary>Runs a read-only command. Any other is recorded and reported as successful without output.</summary>
    /// <inheritdoc/>
    public Task<LocalResult> RunAsync(LocalCommand command, IProgress<LocalOutputLine>? lines, CancellationToken cancellationToken)
    {
        if (command.Effect == StepEffect.ReadOnly) return inner.RunAsync(command, lines, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        _recorded.Enqueue(command);
        return Task.FromResult(new LocalResult(command, 0));
    }
}
