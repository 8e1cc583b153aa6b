using System.Collections.Concurrent;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Local;

/// <summary>Runs what only looks, and records what would change something instead of running it.</summary>
/// <param name="inner">Runs the commands that only look.</param>
public sealed class PreviewLocalRunner(ILocalRunner inner) : ILocalRunner
{
    private readonly ConcurrentQueue<LocalCommand> _recorded = new();

    /// <summary>The commands that were not run, in order.</summary>
    public IReadOnlyList<LocalCommand> Recorded => [.. _recorded];

    /// <summary>Runs a command that only looks; any other is recorded and seems to succeed without output.</summary>
    /// <inheritdoc/>
    public Task<LocalResult> RunAsync(LocalCommand command, IProgress<LocalOutputLine>? lines, CancellationToken cancellationToken)
    {
        if (command.Effect == StepEffect.ReadOnly) return inner.RunAsync(command, lines, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        _recorded.Enqueue(command);
        return Task.FromResult(new LocalResult(command, 0));
    }
}
