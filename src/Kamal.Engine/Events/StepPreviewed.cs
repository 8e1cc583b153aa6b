using Kamal.Engine.Hosts;

namespace Kamal.Engine.Events;

/// <summary>A step that a real run would do on a host.</summary>
/// <param name="Phase">The phase it belongs to.</param>
/// <param name="Step">The step.</param>
public sealed record StepPreviewed(string Phase, Step Step) : RunEvent;
