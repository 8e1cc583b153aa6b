namespace Kamal.Engine.Events;

/// <summary>A command begins on this machine.</summary>
/// <param name="Command">The command, redacted.</param>
public sealed record LocalStarted(string Command) : RunEvent;
