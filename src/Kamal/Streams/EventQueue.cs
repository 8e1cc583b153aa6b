using System.Collections.Concurrent;
using Kamal.Engine.Events;

namespace Kamal.Streams;

/// <summary>
/// Events on their way from the workers to the pipeline thread. A worker never waits for whoever reads the pipeline's output;
/// only one that streams output asks whether there is room.
/// </summary>
/// <param name="guard">Takes secrets out of each event, and escapes what could steer a terminal; null for one that knows no secret.</param>
internal sealed class EventQueue(EventGuard? guard = null) : IRunSink
{
    /// <summary>How many events may lie unread before a stream waits: chunks of at most 16 KiB, or lines.</summary>
    private const int Room = 256;

    private readonly BlockingCollection<RunEvent> _events = [];
    private readonly EventGuard _guard = guard ?? EventGuard.OfProcess();
    private readonly Lock _lock = new();
    private TaskCompletionSource? _room;

    /// <inheritdoc/>
    public void Emit(RunEvent runEvent)
    {
        try
        {
            _events.Add(_guard.Event(runEvent));
        }
        catch (InvalidOperationException)
        {
            // The run is over and nobody reads any more; a connection that says a last word late has none to hear it.
            (runEvent as PipelineWork)?.Decline();
        }
    }

    /// <inheritdoc/>
    public async Task CaughtUpAsync(CancellationToken cancellationToken)
    {
        while (_events.Count > Room && !_events.IsAddingCompleted)
        {
            Task room;
            lock (_lock) room = (_room ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            // What was taken meanwhile has told nobody.
            if (_events.Count <= Room / 2) GiveRoom();
            await room.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Says that the run is over.</summary>
    public void Complete() => _events.CompleteAdding();

    /// <summary>Whether the run is over and its last event was taken.</summary>
    public bool IsOver => _events.IsCompleted;

    /// <summary>The next event.</summary>
    /// <param name="timeout">How long to wait for it.</param>
    /// <returns>Null when none came in that time, or the run is over.</returns>
    public RunEvent? Take(TimeSpan timeout)
    {
        if (!_events.TryTake(out var next, timeout)) return null;
        if (_events.Count <= Room / 2) GiveRoom();
        return next;
    }

    private void GiveRoom()
    {
        lock (_lock)
        {
            _room?.TrySetResult();
            _room = null;
        }
    }
}
