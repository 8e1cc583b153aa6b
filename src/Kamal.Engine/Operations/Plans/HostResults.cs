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
            Cause = result.Failure?.Cause,
        };
    }

    /// <summary>Hands one record a host to the pipeline.</summary>
    public static void Produce(Run run, string operation, IEnumerable<ScriptResult> results)
    {
        foreach (var result in results) run.Produce(Of(result, operation));
    }

    /// <summary>Hands a record to the pipeline for each host that was left out because it could not be reached.</summary>
    public static void ProduceSkipped(Run run)
    {
        foreach (var host in run.Participants.Skipped)
        {
            run.Produce(new KamalHostResult(host.HostName, host.Phase, HostOutcome.Skipped) { Cause = host.Error.Cause });
        }
    }

    /// <summary>
    /// Reads each host's results and hands them to the pipeline. What cannot be read of a host is that host's error, and the other hosts'
    /// results are still handed on. Then, if a host failed, the operation ends.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="phase">The phase's name.</param>
    /// <param name="results">What the scripts did.</param>
    /// <param name="reads">Each reads a part of a host's results.</param>
    public static void ProduceEach<T>(
        this Run run, string phase, IReadOnlyList<ScriptResult> results, params IReadOnlyList<Func<ScriptResult, IEnumerable<T>>> reads)
        where T : notnull => ProduceRead(run, phase, results, reads, (records, _) => records);

    /// <summary>As <see cref="ProduceEach"/>, for records that say something of all hosts.</summary>
    /// <param name="run">The run.</param>
    /// <param name="phase">The phase's name.</param>
    /// <param name="results">What the scripts did.</param>
    /// <param name="read">Reads a host's results.</param>
    /// <param name="finish">Completes the records of all hosts, given the hosts that could be read.</param>
    public static void ProduceTogether<T>(
        this Run run, string phase, IReadOnlyList<ScriptResult> results, Func<ScriptResult, IEnumerable<T>> read,
        Func<IReadOnlyList<T>, IReadOnlyList<string>, IEnumerable<T>> finish)
        where T : notnull => ProduceRead(run, phase, results, [read], finish);

    private static void ProduceRead<T>(
        Run run, string phase, IReadOnlyList<ScriptResult> results, IReadOnlyList<Func<ScriptResult, IEnumerable<T>>> reads,
        Func<IReadOnlyList<T>, IReadOnlyList<string>, IEnumerable<T>> finish)
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

        foreach (var record in finish(records, [.. whole.Where(result => result.Succeeded).Select(result => result.HostName)]))
        {
            run.Produce(record);
        }

        Run.ThrowIfFailed(phase, whole);
    }

    /// <summary>Collects what can be read; null, or why not all could be.</summary>
    private static KamalException? Collect<T>(ScriptResult result, Func<ScriptResult, IEnumerable<T>> read, string phase, List<T> records)
    {
        try
        {
            foreach (var record in read(result)) records.Add(record);
            return null;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return Unreadable(result.HostName, phase, error);
        }
    }

    private static KamalException Unreadable(string hostName, string phase, Exception error) =>
        new(KamalErrorId.RemoteCommandFailed, $"{hostName}: {phase}: the host's answer cannot be read: {error.Message}", error)
        {
            HostName = hostName,
        };

    private static HostOutcome Outcome(ScriptResult result, List<StepResult> steps)
    {
        if (steps.Any(step => step.Status == StepStatus.Previewed)) return HostOutcome.Previewed;
        if (result.Succeeded) return HostOutcome.Succeeded;
        // A host that could not be reached ran no step at all.
        if (!result.Steps.Any(step => step.Status is StepStatus.Failed or StepStatus.Interrupted)) return HostOutcome.Failed;
        if (steps.Any(step => step.Status is StepStatus.Failed or StepStatus.Interrupted && !step.Step.IgnoreFailure))
        {
            return HostOutcome.Failed;
        }
        return steps.All(step => step.Status == StepStatus.Skipped) ? HostOutcome.Skipped : HostOutcome.Succeeded;
    }
}
