using System.Collections.Immutable;

namespace Kamal.Engine.Hosts;

/// <summary>What a script did on one host.</summary>
public sealed record ScriptResult(string HostName, HostScript Script, ImmutableArray<StepResult> Steps)
{
    /// <summary>Why the script did not succeed, or null if it did.</summary>
    public KamalException? Failure { get; init; }

    /// <summary>Whether every step that had to succeed did.</summary>
    public bool Succeeded => Failure is null;

    /// <summary>The result of the step of that name, or null if the script has none.</summary>
    public StepResult? Find(string name) => Steps.FirstOrDefault(step => step.Step.Name == name);

    /// <summary>The standard output of the step whose output went into that variable; empty if it did not run.</summary>
    public string Captured(string variable) =>
        Steps.LastOrDefault(step => step.Step.CaptureAs == variable && step.Status == StepStatus.Succeeded)?.Output ?? "";
}

/// <summary>What a step did on one host.</summary>
public sealed record StepResult(Step Step, StepStatus Status)
{
    /// <summary>The exit code; 0 when it did not run.</summary>
    public int ExitCode { get; init; }

    /// <summary>Its standard output, without the final newlines.</summary>
    public string Output { get; init; } = "";

    /// <summary>Its standard error, without the final newlines.</summary>
    public string ErrorOutput { get; init; } = "";

    /// <summary>How long it took, seen from here.</summary>
    public TimeSpan Duration { get; init; }
}

/// <summary>What became of a step.</summary>
public enum StepStatus
{
    /// <summary>It ended with exit code 0.</summary>
    Succeeded,

    /// <summary>It ended with another exit code.</summary>
    Failed,

    /// <summary>It did not run: its test said no, or a step before it had failed.</summary>
    Skipped,

    /// <summary>It was running, or still to come, when the connection broke or the script was stopped: what it did is not known.</summary>
    Interrupted,

    /// <summary>It was shown and not run.</summary>
    Previewed,
}

/// <summary>A script was stopped because the run was; says how far it had come.</summary>
/// <param name="result">What is known of its steps.</param>
/// <param name="cancellationToken">What stopped it.</param>
internal sealed class ScriptStoppedException(ScriptResult result, CancellationToken cancellationToken)
    : OperationCanceledException($"{result.HostName}: '{result.Script.Phase}' was stopped.", cancellationToken)
{
    public ScriptResult Result => result;
}
