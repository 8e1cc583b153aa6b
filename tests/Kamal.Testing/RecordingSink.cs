using System.Collections.Concurrent;
using Kamal.Engine.Events;

namespace Kamal.Testing;

/// <summary>Keeps every event of a run.</summary>
internal sealed class RecordingSink : IRunSink
{
    private readonly ConcurrentQueue<RunEvent> _events = new();

    public IReadOnlyList<RunEvent> Events => [.. _events];

    public IEnumerable<MessageEmitted> Messages => _events.OfType<MessageEmitted>();

    /// <summary>What a run waits for when it is ahead of its reader.</summary>
    public Func<CancellationToken, Task> CaughtUp { get; init; } = _ => Task.CompletedTask;

    public void Emit(RunEvent runEvent) => _events.Enqueue(runEvent);

    public Task CaughtUpAsync(CancellationToken cancellationToken) => CaughtUp(cancellationToken);
}
