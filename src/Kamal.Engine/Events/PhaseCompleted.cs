namespace Kamal.Engine.Events;

/// <summary>A phase is over on all its hosts.</summary>
/// <param name="Phase">Its name.</param>
/// <param name="Duration">How long the slowest host took.</param>
/// <param name="Failures">On how many hosts it failed.</param>
public sealed record PhaseCompleted(string Phase, TimeSpan Duration, int Failures) : RunEvent;
