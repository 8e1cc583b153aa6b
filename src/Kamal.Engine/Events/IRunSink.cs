namespace Kamal.Engine.Events;

/// <summary>Takes the events of a run. Called from any thread; must return at once and never throw.</summary>
public interface IRunSink
{
    /// <summary>Takes an event.</summary>
    /// <param name="runEvent">The event.</param>
    void Emit(RunEvent runEvent);
}
