using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Events;

/// <summary>A phase starts: one script on each of its hosts.</summary>
/// <param name="Phase">The name that the operator sees.</param>
/// <param name="HostNames">The hosts that take part.</param>
public sealed record PhaseStarted(string Phase, IReadOnlyList<string> HostNames) : RunEvent;

/// <summary>A phase has ended on all of its hosts.</summary>
/// <param name="Duration">The time that the slowest host took.</param>
/// <param name="Failures">The number of hosts it failed on.</param>
public sealed record PhaseCompleted(string Phase, TimeSpan Duration, int Failures) : RunEvent;

/// <summary>A host has done its part of a phase. Others may still be working.</summary>
/// <param name="Steps">How many steps its script had, without those that run only after a failure.</param>
/// <param name="Failed">Whether it failed.</param>
public sealed record HostCompleted(string Phase, int Steps, bool Failed) : RunEvent;

/// <summary>A step starts on a host.</summary>
public sealed record StepStarted(Step Step) : RunEvent;

/// <summary>A step ended on a host, or was skipped.</summary>
public sealed record StepCompleted(StepResult Result) : RunEvent;

/// <summary>The plan of a run that begins.</summary>
public sealed record PlanMade(KamalPlan Plan) : RunEvent;

/// <summary>The plan of a run that is only previewed.</summary>
public sealed record PlanShown(KamalPlan Plan) : RunEvent;

/// <summary>A deploy or a rollback has succeeded. All of its results have been produced.</summary>
/// <param name="Text">What now runs where, how long it took and what ran before.</param>
public sealed record DeployCompleted(string Text) : RunEvent;

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
