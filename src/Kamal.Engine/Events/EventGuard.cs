using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;
using Kamal.Engine.Secrets;

namespace Kamal.Engine.Events;

/// <summary>
/// The one place where text is made safe to show, as it enters the event queue: known secrets are redacted, and sequences
/// that could control a terminal or a CI service are escaped. Output that the operator asked for is not redacted: that of
/// <c>exec</c>, log lines, <c>secrets print</c>.
/// </summary>
/// <param name="secrets">The secrets known so far.</param>
/// <param name="inCi">Whether a CI service reads the output.</param>
public sealed class EventGuard(SecretRegister secrets, bool inCi)
{
    private readonly ErrorGuard _errors = new(
        text => Lines(text, secrets, inCi), text => SafeText.Line(secrets.Redactor.Redact(text), inCi));
    private readonly ResultGuard _results = new(
        text => Lines(text, secrets, inCi), text => SafeText.Line(secrets.Redactor.Redact(text), inCi));

    /// <summary>A guard that detects from the environment whether a CI service reads the output.</summary>
    public static EventGuard OfProcess(SecretRegister? secrets = null) =>
        new(secrets ?? new(), SafeText.IsCi(Environment.GetEnvironmentVariable));

    /// <summary>Multi-line text, made safe to show.</summary>
    public string Lines(string text) => Lines(text, secrets, inCi);

    /// <summary>A single line, made safe to show.</summary>
    public string Line(string text) => SafeText.Line(secrets.Redactor.Redact(text), inCi);

    /// <summary>Text that the operator asked for: escaped but not redacted.</summary>
    public string Asked(string text) => SafeText.Asked(text, inCi);

    /// <summary>An error, made safe to show; the same instance if it already was.</summary>
    public KamalException Error(KamalException error) => _errors.Guard(error);

    /// <summary>A configuration problem, made safe to show.</summary>
    public ConfigurationProblem Problem(ConfigurationProblem problem) => _errors.Guard(problem);

    /// <summary>A result, made safe to show; the same instance if it already was.</summary>
    public object Result(object result) => _results.Guard(result);

    /// <summary>An event, made safe to show; the same instance if it already was.</summary>
    public RunEvent Event(RunEvent runEvent) => runEvent switch
    {
        MessageEmitted message => Changed(message, message.Text, Lines(message.Text), text => message with { Text = text }),
        OutputReceived output => Changed(output, output.Line, Line(output.Line), text => output with { Line = text }),
        LocalStarted local => Changed(local, local.Command, Lines(local.Command), text => local with { Command = text }),
        LocalPreviewed local => Changed(local, local.Command, Lines(local.Command), text => local with { Command = text }),
        PhaseStarted phase => Changed(phase, phase.Phase, Line(phase.Phase), text => phase with { Phase = text }),
        PhaseCompleted phase => Changed(phase, phase.Phase, Line(phase.Phase), text => phase with { Phase = text }),
        DeployCompleted deploy => Changed(deploy, deploy.Text, Line(deploy.Text), text => deploy with { Text = text }),
        HostCompleted host => Changed(host, host.Phase, Line(host.Phase), text => host with { Phase = text }),
        StepStarted started =>
            Guard(started.Step) is var step && ReferenceEquals(step, started.Step) ? started : started with { Step = step },
        StepPreviewed previewed =>
            Guard(previewed.Step) is var step && ReferenceEquals(step, previewed.Step) ? previewed : previewed with { Step = step },
        StepCompleted completed => Guard(completed),
        HostFailed failed =>
            Error(failed.Error) is var error && ReferenceEquals(error, failed.Error) ? failed : failed with { Error = error },
        ResultProduced produced => _results.Guard(produced.Result) is var result && ReferenceEquals(result, produced.Result)
            ? produced
            : produced with { Result = result },
        PlanMade made => made with { Plan = (KamalPlan)_results.Guard(made.Plan) },
        PlanShown shown => shown with { Plan = (KamalPlan)_results.Guard(shown.Plan) },
        _ => runEvent,
    };

    private static string Lines(string text, SecretRegister secrets, bool inCi) => SafeText.Lines(secrets.Redactor.Redact(text), inCi);

    private static RunEvent Changed(RunEvent runEvent, string before, string after, Func<string, RunEvent> change) =>
        ReferenceEquals(before, after) || before == after ? runEvent : change(after);

    private Step Guard(Step step)
    {
        var (name, display) = (Line(step.Name), Lines(step.Command.Display));
        return name == step.Name && display == step.Command.Display
            ? step
            : step with { Name = name, Command = ShellCommand.Shown(display) };
    }

    private StepCompleted Guard(StepCompleted completed)
    {
        var result = completed.Result;
        var (step, output, errors) = (Guard(result.Step), Lines(result.Output), Lines(result.ErrorOutput));
        return ReferenceEquals(step, result.Step) && output == result.Output && errors == result.ErrorOutput
            ? completed
            : completed with { Result = result with { Step = step, Output = output, ErrorOutput = errors } };
    }
}
