using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>Turns what scripts did into the records that users see.</summary>
internal static class HostResults
{
    /// <summary>What a script did, or those of its steps that count.</summary>
    /// <param name="result">The script's result.</param>
    /// <param name="operation">What it was.</param>
    /// <param name="counts">Which steps count; all, if null.</param>
    public static KamalHostResult Of(ScriptResult result, string operation, Func<Step, bool>? counts = null)
    {
        var steps = result.Steps.Where(step => counts is null || counts(step.Step)).ToList();
        return new(result.HostName, operation, Outcome(result, steps))
        {
            Duration = steps.Aggregate(TimeSpan.Zero, (sum, step) => sum + step.Duration),
        };
    }

    /// <summary>Hands results to the pipeline and then, if a host failed, ends the operation.</summary>
    public static IReadOnlyList<T> Conclude<T>(this OperationRun run, string phase, IReadOnlyList<ScriptResult> results, IEnumerable<T> records, int? exitCode = null)
        where T : notnull
    {
        var list = records.ToList();
        foreach (var record in list) run.Sink.Produce(record);
        OperationRun.ThrowIfFailed(phase, results, exitCode);
        return list;
    }

    private static HostOutcome Outcome(ScriptResult result, List<StepResult> steps)
    {
        if (steps.Any(step => step.Status == StepStatus.Previewed)) return HostOutcome.Previewed;
        if (result.Succeeded) return HostOutcome.Succeeded;
        // A host that could not be reached ran no step at all.
        if (!result.Steps.Any(step => step.Status is StepStatus.Failed or StepStatus.Interrupted)) return HostOutcome.Failed;
        if (steps.Any(step => step.Status is StepStatus.Failed or StepStatus.Interrupted && !step.Step.IgnoreFailure)) return HostOutcome.Failed;
        return steps.All(step => step.Status == StepStatus.Skipped) ? HostOutcome.Skipped : HostOutcome.Succeeded;
    }
}
