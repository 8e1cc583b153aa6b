using System.Collections.Immutable;

namespace Kamal.Engine.Hosts;

/// <summary>What a script did on one host.</summary>
/// <param name="HostName">The host.</param>
/// <param name="Script">The script.</param>
/// <param name="Steps">What each step did, in order.</param>
public sealed record ScriptResult(string HostName, HostScript Script, ImmutableArray<StepResult> Steps)
{
    /// <summary>Why the script did not succeed, or null if it did.</summary>
    public KamalException? Failure { get; init; }

    /// <summary>Whether every step that had to succeed did.</summary>
    public bool Succeeded => Failure is null;

    /// <summary>The result of the step of that name, or null if the script has none.</summary>
    /// <param name="name">The step's name.</param>
    public StepResult? Find(string name) => Steps.FirstOrDefault(step => step.Step.Name == name);

    /// <summary>The standard output of the step whose output went into that variable; empty if it did not run.</summary>
    /// <param name="variable">The variable's name.</param>
    public string Captured(string variable) =>
        Steps.LastOrDefault(step => step.Step.CaptureAs == variable && step.Status == StepStatus.Succeeded)?.Output ?? "";
}
