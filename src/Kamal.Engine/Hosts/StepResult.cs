namespace Kamal.Engine.Hosts;

/// <summary>What a step did on one host.</summary>
/// <param name="Step">The step.</param>
/// <param name="Status">What became of it.</param>
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
