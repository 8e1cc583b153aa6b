using System.Collections.Concurrent;
using Kamal.Engine.Events;

namespace Kamal.Engine.Tests.Support;

/// <summary>Keeps every event of a run.</summary>
internal sealed class RecordingSink : IRunSink
{
    private readonly ConcurrentQueue<RunEvent> _events = new();

    public IReadOnlyList<RunEvent> Events => [.. _events];

    public void Emit(RunEvent runEvent) => _events.Enqueue(runEvent);
}
