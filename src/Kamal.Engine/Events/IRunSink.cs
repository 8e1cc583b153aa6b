namespace Kamal.Engine.Events;

/// <summary>Takes the events of a run. Called from any thread; must return at once and never throw.</summary>
public interface IRunSink
{
    /// <summary>Takes an event.</summary>
    /// <param name="runEvent">The event.</param>
    void Emit(RunEvent runEvent);

    /// <summary>
    /// Waits while so many events lie unread that more would fill the memory. For those who pass on output of any length;
    /// nobody else need ask.
    /// </summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task CaughtUpAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
