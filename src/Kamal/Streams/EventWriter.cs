using System.Globalization;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;

namespace Kamal.Streams;

/// <summary>Writes events to a cmdlet's streams. Called on the pipeline thread.</summary>
/// <param name="cmdlet">The cmdlet.</param>
/// <param name="errors">Writes the errors of hosts.</param>
internal sealed class EventWriter(RunCmdlet cmdlet, HeldErrors errors)
{
    private static readonly string[] PhaseTags = ["Kamal", "Phase"];
    private static readonly string[] MessageTags = ["Kamal", "Message"];

    private readonly ProgressBars? _progress = ProgressBars.Of(cmdlet);

    /// <summary>Writes one event.</summary>
    public void Write(RunEvent runEvent)
    {
        cmdlet.Report?.Follow(runEvent);
        _progress?.Follow(runEvent);
        switch (runEvent)
        {
            case ResultProduced result:
                cmdlet.WriteResult(result.Result);
                break;
            case RoundCompleted:
                cmdlet.EndRound();
                break;
            case HostFailed failed:
                cmdlet.NoteFailure(failed.Error);
                errors.Write(failed.Error);
                break;
            case PhaseStarted phase:
                Inform($"{phase.Phase}: {Count(phase.HostNames)}", PhaseTags);
                break;
            case PhaseCompleted phase:
                var failures = phase.Failures > 0 ? $", failed on {phase.Failures}" : "";
                cmdlet.WriteVerbose($"{phase.Phase}: done in {Seconds(phase.Duration)}{failures}");
                break;
            case StepStarted step:
                cmdlet.WriteVerbose(WithHost(step, $"{step.Step.Name}: {step.Step.Command.Display}"));
                break;
            case StepCompleted step:
                WriteStep(step);
                break;
            case LocalStarted local:
                cmdlet.WriteVerbose(SafeText.Indent($"[here] {local.Command}", "[here] "));
                break;
            case PlanShown plan:
                foreach (var line in plan.Plan.ToLines(HostOutput.StreamWidthOf(cmdlet.Host))) HostOutput.Write(cmdlet, line, "Plan");
                break;
            case DeployCompleted deploy:
                if (!cmdlet.IsQuiet) HostOutput.Write(cmdlet, deploy.Text, "Deploy");
                break;
            case StepPreviewed preview:
                WritePreview(preview.HostName ?? "", preview.Step.Name, PreviewText(preview.Step));
                break;
            case LocalPreviewed preview:
                WritePreview("this machine", "", preview.Command);
                break;
            case OutputReceived output:
                WriteOutput(output);
                break;
            case RawOutputReceived output:
                cmdlet.WriteRaw(output);
                break;
            case MessageEmitted message:
                WriteMessage(message);
                break;
            case PipelineWork work:
                work.Perform(cmdlet);
                break;
        }
    }

    /// <summary>Shows how long a step has been waiting, while no event comes.</summary>
    public void Tick() => _progress?.Tick();

    /// <summary>Removes the progress bar.</summary>
    public void Complete() => _progress?.Complete();

    private void WriteStep(StepCompleted completed)
    {
        var result = completed.Result;
        if (result.Status is StepStatus.Skipped or StepStatus.Previewed) return;
        var outcome = result.Status == StepStatus.Interrupted
            ? "interrupted"
            : string.Create(CultureInfo.InvariantCulture, $"exit code {result.ExitCode}");
        cmdlet.WriteVerbose($"{At(completed)}{result.Step.Name}: {outcome} after {Seconds(result.Duration)}");
        if (result.Status != StepStatus.Failed || result.ErrorOutput.Length == 0) return;
        cmdlet.WriteVerbose(WithHost(completed, result.ErrorOutput));
    }

    private void WriteMessage(MessageEmitted message)
    {
        var text = WithHost(message, message.Text);
        switch (message.Severity)
        {
            case MessageSeverity.Debug:
                cmdlet.WriteDebug(text);
                break;
            case MessageSeverity.Verbose:
                cmdlet.WriteVerbose(text);
                break;
            case MessageSeverity.Warning:
                cmdlet.WriteWarning(text);
                break;
            default:
                Inform(text, MessageTags);
                break;
        }
    }

    private void WriteOutput(OutputReceived output)
    {
        if (output.IsDetail) cmdlet.WriteVerbose($"[{output.Source}] {output.Line}");
        else HostOutput.Write(cmdlet, $"[{output.Source}] {output.Line}", output.Source);
    }

    /// <summary>Shows the command that a real run would run.</summary>
    private void WritePreview(string where, string what, string command)
    {
        var text = what.Length > 0 ? $"[{where}] {what}: {command}" : $"[{where}] {command}";
        cmdlet.WriteVerbose(SafeText.Indent(text, $"[{where}] "));
    }

    private void Inform(string text, string[] tags) => cmdlet.WriteInformation(text, tags);

    private static string PreviewText(Step step) => step.Input is { } input ? $"{step.Command.Display} < ({input})" : step.Command.Display;

    /// <summary>Text with its host before each line.</summary>
    internal static string WithHost(RunEvent runEvent, string text) =>
        SafeText.Indent(At(runEvent) + text, At(runEvent) is { Length: > 0 } host ? host : "| ");

    private static string At(RunEvent runEvent) => runEvent.HostName is { } host ? $"[{host}] " : "";

    private static string Count(IReadOnlyList<string> hosts) =>
        hosts.Count == 1 ? hosts[0] : string.Create(CultureInfo.InvariantCulture, $"{hosts.Count} hosts");

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.00} s");
}
