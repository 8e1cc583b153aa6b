using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>The error of a user's own command that ran on a channel of its own and did not end with 0.</summary>
internal static class UserCommandFailure
{
    /// <summary>What ssh ends with when the command has no exit code: a signal killed it, or the connection broke.</summary>
    private const int NoExitCode = 255;

    /// <summary>Describes it.</summary>
    /// <param name="host">The host.</param>
    /// <param name="step">The command.</param>
    /// <param name="exitCode">Its exit code; null when a signal or a broken connection ended it.</param>
    /// <param name="output">What it said last, where that explains it.</param>
    public static KamalException Describe(string host, Step step, int? exitCode, string output = "")
    {
        var described = exitCode is null
            ? step with { FailureMessage = "the command ended without an exit code; a signal ended it, or the connection broke" }
            : step;
        return StepFailure.Describe(host, new StepResult(described, StepStatus.Failed)
        {
            ExitCode = exitCode ?? NoExitCode, Output = output,
        });
    }
}
