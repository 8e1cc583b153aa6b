namespace Kamal.Engine.Events;

/// <summary>Something that happened in a run. Workers emit events and go on: they never wait for whoever shows them.</summary>
public abstract record RunEvent
{
    /// <summary>The host it happened on, or null if it was on this machine or concerns all.</summary>
    public string? HostName { get; init; }
}

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

/// <summary>Short forms for the events that are emitted most.</summary>
public static class RunSinkExtensions
{
    /// <summary>Says something to everybody.</summary>
    /// <param name="sink">The sink.</param>
    /// <param name="text">The sentence.</param>
    /// <param name="hostName">The host it is about, if one.</param>
    public static void Inform(this IRunSink sink, string text, string? hostName = null) =>
        sink.Emit(new MessageEmitted(MessageSeverity.Information, text) { HostName = hostName });

    /// <summary>Warns.</summary>
    /// <param name="sink">The sink.</param>
    /// <param name="text">The sentence.</param>
    /// <param name="hostName">The host it is about, if one.</param>
    public static void Warn(this IRunSink sink, string text, string? hostName = null) =>
        sink.Emit(new MessageEmitted(MessageSeverity.Warning, text) { HostName = hostName });

    /// <summary>Says something to those who want to know each step.</summary>
    /// <param name="sink">The sink.</param>
    /// <param name="text">The sentence.</param>
    /// <param name="hostName">The host it is about, if one.</param>
    public static void Detail(this IRunSink sink, string text, string? hostName = null) =>
        sink.Emit(new MessageEmitted(MessageSeverity.Verbose, text) { HostName = hostName });

    /// <summary>Hands an object to the pipeline.</summary>
    /// <param name="sink">The sink.</param>
    /// <param name="result">The object.</param>
    public static void Produce(this IRunSink sink, object result) => sink.Emit(new ResultProduced(result));
}
