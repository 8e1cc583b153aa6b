namespace Kamal.Engine.Events;

/// <summary>A host failed; the others go on. Becomes one non-terminating error.</summary>
/// <param name="Error">Why.</param>
public sealed record HostFailed(KamalException Error) : RunEvent;
