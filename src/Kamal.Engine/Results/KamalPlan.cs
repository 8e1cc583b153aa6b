using System.Collections.Immutable;

namespace Kamal.Engine.Results;

/// <summary>
/// What an operation does: its phases in order, with the hosts and steps of each. Times and random names are placeholders.
/// </summary>
/// <param name="Operation">The operation, such as <c>Deploy</c>.</param>
/// <param name="Service">The app's name.</param>
public sealed record KamalPlan(string Operation, string Service)
{
    /// <summary>The destination, or null.</summary>
    public string? Destination { get; init; }

    /// <summary>The version that it is about, or null if it is about no version or finds it while it runs.</summary>
    public string? Version { get; init; }

    /// <summary>The number of hosts.</summary>
    public int HostCount { get; init; }

    /// <summary>The number of steps on all hosts, without those that run only after a failure.</summary>
    public int StepCount { get; init; }

    /// <summary>The number of these steps that may change something.</summary>
    public int ChangeCount { get; init; }

    /// <summary>The phases, in order.</summary>
    public ImmutableArray<KamalPlanPhase> Phases { get; init; } = [];

    /// <summary>Whether the hosts were compared with the configuration.</summary>
    public bool IsLive { get; init; }

    /// <summary>What differs between the hosts and the configuration; empty if they were not compared.</summary>
    public ImmutableArray<KamalPlanChange> Changes { get; init; } = [];

    /// <summary>The hosts that were left out of the comparison because they could not be reached.</summary>
    public ImmutableArray<string> UnknownHosts { get; init; } = [];

    /// <summary>
    /// The hosts and roles, such as <c>web1.example.com (web)</c>, for which the proxy passes no requests on: in maintenance, or paused.
    /// A deploy leaves it so. Empty if the hosts were not compared.
    /// </summary>
    public ImmutableArray<string> InMaintenance { get; init; } = [];

    /// <summary>
    /// What the app has left on hosts and the configuration no longer has. The operation leaves it alone; <c>Remove-KamalOrphan</c>
    /// removes it. Empty if the hosts were not compared.
    /// </summary>
    public ImmutableArray<KamalOrphan> Orphans { get; init; } = [];

    /// <summary>
    /// Whether there is nothing to do: no difference if the hosts were compared, or else no step that changes anything. False if a host
    /// could not be compared. Orphans do not count.
    /// </summary>
    public bool IsEmpty => IsLive ? Changes.IsEmpty && UnknownHosts.IsEmpty : ChangeCount == 0;

    /// <summary>Whether the text lists each step with its command.</summary>
    internal bool IsDetailed { get; init; }

    /// <summary>The plan as text, in lines of at most 100 columns unless it is detailed.</summary>
    public override string ToString() => string.Join('\n', ToLines(100));

    /// <summary>The plan as lines of text.</summary>
    /// <param name="width">The longest line, unless the plan is detailed.</param>
    public IReadOnlyList<string> ToLines(int width) =>
        [.. new PlanText(width).Lines(this, IsDetailed).SelectMany(line => line.Split('\n'))];
}

/// <summary>A phase of a plan. The next phase begins only after this one has ended on all hosts.</summary>
public sealed record KamalPlanPhase(string Name)
{
    /// <summary>What must hold when the phase begins, as the end of "only if"; null if it always runs.</summary>
    public string? Condition { get; init; }

    /// <summary>The hosts with their scripts; empty for work on this machine.</summary>
    public ImmutableArray<KamalPlanHost> Hosts { get; init; } = [];

    /// <summary><see cref="Name"/>.</summary>
    public override string ToString() => Name;
}

/// <summary>What a host does in a phase, in one round trip.</summary>
/// <param name="HostName">The host.</param>
public sealed record KamalPlanHost(string HostName)
{
    /// <summary>The role that it is for, if it is for one.</summary>
    public string? Role { get; init; }

    /// <summary>The steps, in order.</summary>
    public ImmutableArray<KamalPlanStep> Steps { get; init; } = [];

    /// <summary><see cref="HostName"/>.</summary>
    public override string ToString() => HostName;
}

/// <summary>A step of a plan: one command on a host.</summary>
/// <param name="Description">What it does.</param>
/// <param name="Command">The command, with secrets redacted.</param>
public sealed record KamalPlanStep(string Description, string Command)
{
    /// <summary>Whether it may change something.</summary>
    public bool IsChange { get; init; }

    /// <summary>Whether it changes nothing and ends the operation if it does not find what it expects.</summary>
    public bool IsCheck { get; init; }

    /// <summary>Whether it runs only after another step of the script has failed.</summary>
    public bool OnFailureOnly { get; init; }

    /// <summary>What must hold when the phase begins, as the end of "only if"; null if that does not matter.</summary>
    public string? Condition { get; init; }

    /// <summary>The test on the host without which the step is skipped; null for none.</summary>
    public string? Test { get; init; }

    /// <summary>Whether it only adds a line to the audit log.</summary>
    internal bool IsRecord { get; init; }

    /// <summary>What it reads from standard input, such as "2 secret environment variables"; null for nothing.</summary>
    public string? Input { get; init; }

    /// <summary>The role it works for, if any.</summary>
    public string? Role { get; init; }

    /// <summary>The accessory it works for, if any.</summary>
    public string? Accessory { get; init; }

    /// <summary><see cref="Description"/>.</summary>
    public override string ToString() => Description;
}
