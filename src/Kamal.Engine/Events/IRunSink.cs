namespace Kamal.Engine.Events;

/// <summary>Something that happened in a run. Workers emit events without waiting for them to be shown.</summary>
public abstract record RunEvent
{
    /// <summary>The host it happened on, or null for this machine or all hosts.</summary>
    public string? HostName { get; init; }
}

/// <summary>Receives the events of a run. Called from any thread; must return immediately and must not throw.</summary>
public interface IRunSink
{
    /// <summary>Receives an event.</summary>
    void Emit(RunEvent runEvent);

    /// <summary>
    /// Waits while too many events are unread. Called by workers that pass on unbounded output, so that it does not
    /// fill the memory.
    /// </summary>
    Task CaughtUpAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Shorthand for the most common events.</summary>
public static class RunSinkExtensions
{
    /// <summary>Emits an information message.</summary>
    /// <param name="hostName">The host that it concerns, if any.</param>
    public static void Inform(this IRunSink sink, string text, string? hostName = null) =>
        sink.Emit(new MessageEmitted(MessageSeverity.Information, text) { HostName = hostName });

    /// <summary>Emits a warning.</summary>
    /// <param name="hostName">The host that it concerns, if any.</param>
    public static void Warn(this IRunSink sink, string text, string? hostName = null) =>
        sink.Emit(new MessageEmitted(MessageSeverity.Warning, text) { HostName = hostName });

    /// <summary>Emits a verbose message.</summary>
    /// <param name="hostName">The host that it concerns, if any.</param>
    public static void Detail(this IRunSink sink, string text, string? hostName = null) =>
        sink.Emit(new MessageEmitted(MessageSeverity.Verbose, text) { HostName = hostName });

    /// <summary>Writes an object to the pipeline.</summary>
    public static void Produce(this IRunSink sink, object result) => sink.Emit(new ResultProduced(result));
}
