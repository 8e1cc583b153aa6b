using System.Collections.Concurrent;
using Kamal.Engine.Events;

namespace Kamal.Streams;

/// <summary>Events on their way from the workers to the pipeline thread. Unbounded: a worker never waits for whoever reads the pipeline's output.</summary>
internal sealed class EventQueue : IRunSink
{
    private readonly BlockingCollection<RunEvent> _events = [];

    /// <inheritdoc/>
    public void Emit(RunEvent runEvent)
    {
        try
        {
            _events.Add(runEvent);
        }
        catch (InvalidOperationException)
        {
            // The run is over and nobody reads any more; a connection that says a last word late has none to hear it.
            (runEvent as PipelineWork)?.Decline();
        }
    }

    /// <summary>Says that the run is over.</summary>
    public void Complete() => _events.CompleteAdding();

    /// <summary>Whether the run is over and its last event was taken.</summary>
    public bool IsOver => _events.IsCompleted;

    /// <summary>The next event.</summary>
    /// <param name="timeout">How long to wait for it.</param>
    /// <returns>Null when none came in that time, or the run is over.</returns>
    public RunEvent? Take(TimeSpan timeout) => _events.TryTake(out var next, timeout) ? next : null;
}
