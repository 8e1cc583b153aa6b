using System.Collections.Immutable;

namespace Kamal.Engine.Hosts;

/// <summary>The result of a script on one host.</summary>
public sealed record ScriptResult(string HostName, HostScript Script, ImmutableArray<StepResult> Steps)
{
    /// <summary>The error, or null if the script succeeded.</summary>
    public KamalException? Failure { get; init; }

    /// <summary>Whether every required step succeeded.</summary>
    public bool Succeeded => Failure is null;

    /// <summary>The result of the step of that name, or null if the script has none.</summary>
    public StepResult? Find(string name) => Steps.FirstOrDefault(step => step.Step.Name == name);

    /// <summary>The output that a step captured in a shell variable; empty if it did not run.</summary>
    public string Captured(string variable) =>
        Steps.LastOrDefault(step => step.Step.CaptureAs == variable && step.Status == StepStatus.Succeeded)?.Output ?? "";
}

/// <summary>The result of a step on one host.</summary>
public sealed record StepResult(Step Step, StepStatus Status)
{
    /// <summary>The exit code; 0 when it did not run.</summary>
    public int ExitCode { get; init; }

    /// <summary>Its standard output, without the final newlines.</summary>
    public string Output { get; init; } = "";

    /// <summary>Its standard error, without the final newlines.</summary>
    public string ErrorOutput { get; init; } = "";

    /// <summary>How long it took, measured on this machine.</summary>
    public TimeSpan Duration { get; init; }
}

/// <summary>The outcome of a step.</summary>
public enum StepStatus
{
    /// <summary>It ended with exit code 0.</summary>
    Succeeded,

    /// <summary>It ended with another exit code.</summary>
    Failed,

    /// <summary>It did not run, because its test or an earlier step failed.</summary>
    Skipped,

    /// <summary>The connection broke or the script was stopped before or while it ran: what it did is unknown.</summary>
    Interrupted,

    /// <summary>It was only shown.</summary>
    Previewed,
}

/// <summary>A script was stopped with the run; holds its partial result.</summary>
/// <param name="result">The partial result.</param>
/// <param name="cancellationToken">The token that stopped it.</param>
internal sealed class ScriptStoppedException(ScriptResult result, CancellationToken cancellationToken)
    : OperationCanceledException($"{result.HostName}: '{result.Script.Phase}' was stopped.", cancellationToken)
{
    public ScriptResult Result => result;
}
