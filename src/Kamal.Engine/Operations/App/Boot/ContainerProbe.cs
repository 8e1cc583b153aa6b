using Kamal.Engine.Causes;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>
/// Examines a new container that failed, in the same script and before it is stopped, so that the error can name the cause.
/// </summary>
internal static class ContainerProbe
{
    /// <summary>The step that reads its log.</summary>
    public const string ReadLog = "Read the failed container's log";

    private const string ReadState = "Read the failed container's state";
    private const string ReadListening = "See where the failed container listens";
    private const string AskHealth = "Ask the failed container for its health";
    private const string ReadProxyLog = "Read the proxy's log about the failed container";
    private const string ReadOldStart = "Read how long the version before took to start";
    private const string ReadArchitectures = "Compare the image's architecture with the host's";
    private const string State = "failed_state";
    private const int LogLines = 30;

    /// <summary>The steps.</summary>
    /// <param name="container">The shell variable that holds its ID.</param>
    /// <param name="configuration">The configuration.</param>
    /// <param name="role">Its role.</param>
    /// <param name="when">When there is such a container.</param>
    public static IEnumerable<Step> Steps(string container, KamalConfiguration configuration, RoleConfiguration role, ShellCommand when)
    {
        Step Look(string name, ShellCommand command) =>
            new(name, command) { Effect = StepEffect.ReadOnly, IgnoreFailure = true, When = when };
        var common = Steps(container, configuration.AbsoluteImage, when).ToList();
        yield return common[0];
        if (role.IsProxied)
        {
            yield return Look(ReadListening, ProbeCommands.Listening(container, State));
            yield return Look(
                AskHealth, ProbeCommands.Health(container, State, role.Proxy!.AppPort, ContainerExpectation.PathOf(role.Proxy)));
            yield return Look(ReadProxyLog, ProbeCommands.ProxyLog(container));
            yield return Look(ReadOldStart, ProbeCommands.StartOf(BootScript.OldContainers)) with
            {
                When = when.And(ShellCommand.Of("[", "-n", ShellWord.Variable(BootScript.OldContainers), "]")),
            };
        }

        foreach (var step in common.Skip(1)) yield return step;
    }

    /// <summary>The steps for a container that nothing is routed to.</summary>
    /// <param name="container">The shell variable that holds its ID.</param>
    /// <param name="image">Its image.</param>
    /// <param name="when">When there is such a container.</param>
    public static IEnumerable<Step> Steps(string container, string image, ShellCommand when)
    {
        Step Look(string name, ShellCommand command) =>
            new(name, command) { Effect = StepEffect.ReadOnly, IgnoreFailure = true, When = when };
        yield return Look(ReadState, ProbeCommands.State(container)) with { CaptureAs = State };
        // A container that docker cannot start has no ID.
        yield return Look(ReadArchitectures, ProbeCommands.Architectures(image)) with { ExplainsFailure = true, When = null };
        yield return Look(ReadLog, AppCommands.LastLogs(container, LogLines));
    }

    /// <summary>What the steps found out; null if they did not run.</summary>
    /// <param name="result">What the script did.</param>
    /// <param name="redact">Removes secrets, before any text is shortened.</param>
    public static ContainerEvidence? Read(ScriptResult result, Func<string, string> redact)
    {
        if (result.Find(ReadState) is not { Status: not StepStatus.Skipped }) return null;
        string? Output(string name) => result.Find(name) is { Status: StepStatus.Succeeded } step ? redact(step.Output) : null;
        var evidence = new ContainerEvidence();
        if (Output(ReadState) is { } state) evidence = evidence.WithState(state);
        if (Output(ReadListening) is { } listening) evidence = evidence.WithListening(listening);
        if (Output(AskHealth) is { } answer) evidence = evidence with { Answer = HealthAnswer.Parse(answer) };
        if (Output(ReadProxyLog) is { } proxy) evidence = evidence.WithProxyLog(proxy);
        if (Output(ReadOldStart) is { } start) evidence = evidence.WithStartBefore(start);
        if (Output(ReadArchitectures) is { } architectures) evidence = evidence.WithArchitectures(architectures);
        return Output(ReadLog) is { } log ? evidence.WithLog(log) : evidence;
    }
}
