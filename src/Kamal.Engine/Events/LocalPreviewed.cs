namespace Kamal.Engine.Events;

/// <summary>A command that a real run would do on this machine.</summary>
/// <param name="Command">The command, redacted.</param>
public sealed record LocalPreviewed(string Command) : RunEvent;
