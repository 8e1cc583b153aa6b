namespace Kamal.Engine.Events;

/// <summary>A phase begins: one script on each of its hosts, and all are waited for.</summary>
/// <param name="Phase">Its name, in the words of an operator.</param>
/// <param name="HostNames">The hosts that take part.</param>
public sealed record PhaseStarted(string Phase, IReadOnlyList<string> HostNames) : RunEvent;
