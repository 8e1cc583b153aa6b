using Kamal.Engine.Hosts;

namespace Kamal.Engine.Events;

/// <summary>A phase begins: one script on each of its hosts, and all are waited for.</summary>
/// <param name="Phase">Its name, in the words of an operator.</param>
/// <param name="HostNames">The hosts that take part.</param>
public sealed record PhaseStarted(string Phase, IReadOnlyList<string> HostNames) : RunEvent;

/// <summary>A phase is over on all its hosts.</summary>
/// <param name="Phase">Its name.</param>
/// <param name="Duration">How long the slowest host took.</param>
/// <param name="Failures">On how many hosts it failed.</param>
public sealed record PhaseCompleted(string Phase, TimeSpan Duration, int Failures) : RunEvent;

/// <summary>A step begins on a host.</summary>
/// <param name="Step">The step.</param>
public sealed record StepStarted(Step Step) : RunEvent;

/// <summary>A step ended on a host, or was skipped.</summary>
/// <param name="Result">What it did.</param>
public sealed record StepCompleted(StepResult Result) : RunEvent;

/// <summary>A step that a real run would do on a host.</summary>
/// <param name="Phase">The phase it belongs to.</param>
/// <param name="Step">The step.</param>
public sealed record StepPreviewed(string Phase, Step Step) : RunEvent;

/// <summary>A command begins on this machine.</summary>
/// <param name="Command">The command, redacted.</param>
public sealed record LocalStarted(string Command) : RunEvent;

/// <summary>A command that a real run would do on this machine.</summary>
/// <param name="Command">The command, redacted.</param>
public sealed record LocalPreviewed(string Command) : RunEvent;

/// <summary>A host failed; the others go on. Becomes one non-terminating error.</summary>
/// <param name="Error">Why.</param>
public sealed record HostFailed(KamalException Error) : RunEvent;
