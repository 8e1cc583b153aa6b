namespace Kamal.Engine.Events;

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
