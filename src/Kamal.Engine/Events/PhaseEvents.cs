using Kamal.Engine.Hosts;

namespace Kamal.Engine.Events;

/// <summary>A phase starts: one script on each of its hosts.</summary>
/// <param name="Phase">The name that the operator sees.</param>
/// <param name="HostNames">The hosts that take part.</param>
public sealed record PhaseStarted(string Phase, IReadOnlyList<string> HostNames) : RunEvent;

/// <summary>A phase has ended on all of its hosts.</summary>
/// <param name="Duration">The time that the slowest host took.</param>
/// <param name="Failures">The number of hosts it failed on.</param>
public sealed record PhaseCompleted(string Phase, TimeSpan Duration, int Failures) : RunEvent;

/// <summary>A step starts on a host.</summary>
public sealed record StepStarted(Step Step) : RunEvent;

/// <summary>A step ended on a host, or was skipped.</summary>
public sealed record StepCompleted(StepResult Result) : RunEvent;

/// <summary>A step that would run on a host.</summary>
/// <param name="Phase">The phase it belongs to.</param>
public sealed record StepPreviewed(string Phase, Step Step) : RunEvent;

/// <summary>A command starts on this machine.</summary>
/// <param name="Command">The command, redacted.</param>
public sealed record LocalStarted(string Command) : RunEvent;

/// <summary>A command that would run on this machine.</summary>
/// <param name="Command">The command, redacted.</param>
public sealed record LocalPreviewed(string Command) : RunEvent;

/// <summary>A host failed and the other hosts continue. Becomes a non-terminating error.</summary>
public sealed record HostFailed(KamalException Error) : RunEvent;
