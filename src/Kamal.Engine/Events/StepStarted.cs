using Kamal.Engine.Hosts;

namespace Kamal.Engine.Events;

/// <summary>A step begins on a host.</summary>
/// <param name="Step">The step.</param>
public sealed record StepStarted(Step Step) : RunEvent;
