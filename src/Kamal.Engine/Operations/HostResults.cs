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

    /// <summary>
    /// Reads each host's results and hands them to the pipeline. What cannot be read of a host is that host's error: what else it said, and the other hosts, are
    /// there all the same. Then, if a host failed, the operation ends.
    /// </summary>
    /// <param name="run">The operation.</param>
    /// <param name="phase">The phase's name.</param>
    /// <param name="results">What the scripts did.</param>
    /// <param name="reads">Each reads a part of a host's results.</param>
    public static IReadOnlyList<T> ConcludeEach<T>(this OperationRun run, string phase, IReadOnlyList<ScriptResult> results, params IReadOnlyList<Func<ScriptResult, IEnumerable<T>>> reads)
        where T : notnull
    {
        List<T> records = [];
        List<ScriptResult> whole = [];
        foreach (var result in results)
        {
            KamalException? failure = null;
            foreach (var read in reads) failure = Collect(result, read, phase, records) ?? failure;
            if (failure is not null) run.Sink.Emit(new HostFailed(failure) { HostName = result.HostName });
            whole.Add(result with { Failure = result.Failure ?? failure });
        }

        return run.Conclude(phase, whole, records);
    }

    /// <summary>Collects what can be read; null, or why not all could be.</summary>
    private static KamalException? Collect<T>(ScriptResult result, Func<ScriptResult, IEnumerable<T>> read, string phase, List<T> records)
    {
        try
        {
            foreach (var record in read(result)) records.Add(record);
            return null;
        }
        catch (Exception odd) when (odd is not OperationCanceledException)
        {
            return Unreadable(result.HostName, phase, odd);
        }
    }

    private static KamalException Unreadable(string hostName, string phase, Exception odd) =>
        new(KamalErrorId.RemoteCommandFailed, $"{hostName}: {phase}: the host's answer cannot be read: {odd.Message}", odd) { HostName = hostName };

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
