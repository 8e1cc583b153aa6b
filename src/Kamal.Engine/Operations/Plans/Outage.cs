using System.Globalization;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>Replacing a container that others rely on: for how long it answered nothing, where that failed.</summary>
/// <param name="stop">The name of the step that stops it.</param>
/// <param name="recover">The name of the step that starts it again after a failure.</param>
internal sealed class Outage(string stop, string recover)
{
    /// <summary>Warns of each container that was stopped by a script which then failed.</summary>
    /// <param name="run">The run.</param>
    /// <param name="results">The scripts' results.</param>
    /// <param name="what">What did not answer.</param>
    /// <param name="counts">Which steps are about it; all, if null.</param>
    /// <param name="remedy">What to do while it does not run.</param>
    public void Warn(Run run, IEnumerable<ScriptResult> results, string what, string remedy, Func<Step, bool>? counts = null)
    {
        foreach (var result in results.Where(result => !result.Succeeded))
        {
            var steps = result.Steps.Where(step => counts is null || counts(step.Step)).ToList();
            var stopped = steps.FindIndex(step => step.Step.Name == stop);
            // What failed may be another container's step, after this was replaced.
            if (!steps.Exists(step => step.Status == StepStatus.Interrupted
                || (step.Status == StepStatus.Failed && !step.Step.IgnoreFailure)))
            {
                continue;
            }
            if (stopped < 0 || steps[stopped].Status != StepStatus.Succeeded) continue;
            var runs = steps.Find(step => step.Step.Name == recover) is { Status: StepStatus.Succeeded };
            var lost = steps.Exists(step => step.Status == StepStatus.Interrupted);
            var seconds = steps.Skip(stopped).Aggregate(TimeSpan.Zero, (sum, step) =>
                sum + step.Duration).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
            run.Sink.Warn(
                lost ? $"{what} was stopped on {result.HostName}, and whether it runs there now is not known. {remedy}"
                : runs ? $"{what} answered nothing on {result.HostName} for {seconds} s; it is running again."
                : $"{what} has answered nothing on {result.HostName} for {seconds} s, and does not run there now. {remedy}",
                    result.HostName);
        }
    }
}
