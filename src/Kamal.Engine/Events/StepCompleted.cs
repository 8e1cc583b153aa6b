using Kamal.Engine.Hosts;

namespace Kamal.Engine.Events;

/// <summary>A step ended on a host, or was skipped.</summary>
/// <param name="Result">What it did.</param>
public sealed record StepCompleted(StepResult Result) : RunEvent;
