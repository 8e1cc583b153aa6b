using System.Globalization;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Output;

/// <summary>Converts events to lines of a record.</summary>
internal static class RecordText
{
    /// <summary>The lines of an event; none for an event that is only for the screen.</summary>
    public static IEnumerable<RecordLine> Lines(RunEvent runEvent, DateTimeOffset now)
    {
        RecordLine Line(RecordSeverity severity, string text, string? stream = null) =>
            new(now, severity, text) { HostName = runEvent.HostName, Stream = stream };

        IEnumerable<RecordLine> Each(RecordSeverity severity, string text, string? stream = null) =>
            TextLines(text).Select(one => Line(severity, one, stream));

        return runEvent switch
        {
            PhaseStarted phase => [Line(RecordSeverity.Info, $"{phase.Phase} on {string.Join(", ", phase.HostNames)}")],
            PhaseCompleted phase => [
                Line(
                    phase.Failures > 0 ? RecordSeverity.Error : RecordSeverity.Info,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{phase.Phase}: finished in {phase.Duration.TotalSeconds:0.000} " +
                        $"seconds{(phase.Failures > 0 ? $", failed on {phase.Failures} hosts" : "")}"))],
            StepStarted step => Each(RecordSeverity.Info, $"{step.Step.Name}: running {step.Step.Command.Display}"),
            StepCompleted step => StepLines(step.Result, Line),
            LocalStarted local => Each(RecordSeverity.Info, $"Running {local.Command} on this machine"),
            OutputReceived output => [
                Line(
                    output.IsDetail ? RecordSeverity.Debug : RecordSeverity.Info, $"[{output.Source}] {output.Line}",
                    output.IsError ? "stderr" : "stdout")],
            DeployCompleted deploy => [Line(RecordSeverity.Info, deploy.Text)],
            MessageEmitted message => Each(Severity(message.Severity), message.Text),
            HostFailed failed => Each(RecordSeverity.Error, failed.Error.Message),
            _ => [],
        };
    }

    private static IEnumerable<RecordLine> StepLines(StepResult result, Func<RecordSeverity, string, string?, RecordLine> line)
    {
        if (result.Status is StepStatus.Skipped or StepStatus.Previewed) yield break;
        var failed = result.Status is StepStatus.Failed or StepStatus.Interrupted;
        foreach (var text in TextLines(result.Output)) yield return line(RecordSeverity.Debug, text, "stdout");
        foreach (var text in TextLines(result.ErrorOutput))
        {
            yield return line(failed ? RecordSeverity.Error : RecordSeverity.Debug, text, "stderr");
        }
        yield return line(
            failed ? RecordSeverity.Error : RecordSeverity.Info,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Step.Name}: finished in {result.Duration.TotalSeconds:0.000} seconds with exit status {result.ExitCode} " +
                $"({(failed ? "failed" : "successful")})"),
            null);
    }

    private static IEnumerable<string> TextLines(string text) =>
        text.Length == 0 ? [] : text.Split('\n').Select(line => line.TrimEnd('\r'));

    private static RecordSeverity Severity(MessageSeverity severity) => severity switch
    {
        MessageSeverity.Debug or MessageSeverity.Verbose => RecordSeverity.Debug,
        MessageSeverity.Warning => RecordSeverity.Warn,
        _ => RecordSeverity.Info,
    };
}
