using System.Collections.Concurrent;
using Kamal.Engine.Events;

namespace Kamal.Streams;

/// <summary>
/// Passes events from workers to the pipeline thread. Emitting never blocks; a worker that streams output can wait until the reader has
/// caught up.
/// </summary>
/// <param name="guard">Redacts secrets and escapes control characters in each event; null if no secrets are known.</param>
internal sealed class EventQueue(EventGuard? guard = null) : IRunSink
{
    /// <summary>The number of unread events (chunks of at most 16 KiB, or lines) above which a stream waits.</summary>
    private const int Capacity = 256;

    private readonly BlockingCollection<RunEvent> _events = [];
    private readonly EventGuard _guard = guard ?? EventGuard.OfProcess();
    private readonly Lock _lock = new();
    private TaskCompletionSource? _caughtUp;

    /// <inheritdoc/>
    public void Emit(RunEvent runEvent)
    {
        try
        {
            _events.Add(_guard.Event(runEvent));
        }
        catch (InvalidOperationException)
        {
            // The run is over. A connection may still report something, which no longer matters.
            (runEvent as PipelineWork)?.Decline();
        }
    }

    /// <inheritdoc/>
    public async Task CaughtUpAsync(CancellationToken cancellationToken)
    {
        while (_events.Count > Capacity && !_events.IsAddingCompleted)
        {
            Task caughtUp;
            lock (_lock) caughtUp = (_caughtUp ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            // The reader may have caught up before the task existed.
            if (_events.Count <= Capacity / 2) Release();
            await caughtUp.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the queue when the run is over.</summary>
    public void Complete() => _events.CompleteAdding();

    /// <summary>Whether the run is over and its last event has been taken.</summary>
    public bool IsOver => _events.IsCompleted;

    /// <summary>Takes the next event.</summary>
    /// <param name="timeout">How long to wait for it.</param>
    /// <returns>The event, or null after the timeout or the end of the run.</returns>
    public RunEvent? Take(TimeSpan timeout)
    {
        if (!_events.TryTake(out var next, timeout)) return null;
        if (_events.Count <= Capacity / 2) Release();
        return next;
    }

    /// <summary>Lets waiting streams continue.</summary>
    private void Release()
    {
        lock (_lock)
        {
            _caughtUp?.TrySetResult();
            _caughtUp = null;
        }
    }
}
