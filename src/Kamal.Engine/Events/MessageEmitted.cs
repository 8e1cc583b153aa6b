namespace Kamal.Engine.Events;

/// <summary>A sentence for people.</summary>
/// <param name="Severity">How much it matters.</param>
/// <param name="Text">The sentence; holds no secret.</param>
public sealed record MessageEmitted(MessageSeverity Severity, string Text) : RunEvent;
