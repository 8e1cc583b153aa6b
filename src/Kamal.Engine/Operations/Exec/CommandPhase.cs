using System.Collections.Immutable;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>Runs users' own commands: those of a host one after another in one round trip, hosts side by side.</summary>
/// <param name="Hosts">The hosts.</param>
/// <param name="TakeAsync">Takes what is not taken before the phase begins, and returns the function that renders a host's
/// commands.</param>
/// <param name="IsRaw">Whether output is handed on as the bytes that come, one command after another so that those of two hosts do not
/// mix.</param>
internal sealed record CommandPhase(
    ImmutableArray<string> Hosts, Func<Run, Task<Func<string, IEnumerable<UserCommand>>>> TakeAsync, bool IsRaw)
    : Phase("Run the command")
{
    private const string PrepareTitle = "Prepare to run the command";

    public override async Task RunAsync(Run run)
    {
        var commandsFor = await TakeAsync(run).ConfigureAwait(false);
        var commands = Hosts.SelectMany(host => commandsFor(host).Select(command => (Host: host, Command: command))).ToList();
        if (IsRaw) await StreamAsync(run, commands).ConfigureAwait(false);
        else await RunAsync(run, commands).ConfigureAwait(false);
    }

    public override async Task ShowAsync(Run run, PlanView view)
    {
        run.ShowConnect(view);
        var commandsFor = await TakeAsync(run).ConfigureAwait(false);
        var commands = Hosts.Select(host => (Host: host, Commands: commandsFor(host).ToList())).ToList();
        if (IsRaw)
        {
            view.Add(PrepareTitle, commands.Select(item =>
                new ShownScript(item.Host, new(PrepareTitle, [.. item.Commands.SelectMany(command => command.Before)]))));
            view.Add(Name, commands.SelectMany(item => item.Commands.Select(command =>
                new ShownScript(item.Host, new(Name, [command.Step])))));
        }
        else
        {
            view.Add(Name, commands.Select(item => new ShownScript(item.Host, new(Name, [.. item.Commands.SelectMany(All)]))));
        }
    }

    private static IEnumerable<Step> All(UserCommand command) => [.. command.Before, command.Step];

    private async Task RunAsync(Run run, List<(string Host, UserCommand Command)> commands)
    {
        var results = await run.TryAsync(Name, Hosts, host =>
            commands.Where(item => item.Host == host).SelectMany(item => All(item.Command))).ConfigureAwait(false);
        var done = (
            from command in commands
            from result in results
            where result.HostName == command.Host
            from step in result.Steps
            where ReferenceEquals(step.Step, command.Command.Step)
            select (HostResult: result, Step: step, Result: Read(command.Host, step))).ToList();
        foreach (var item in done) run.Produce(item.Result);
        var codes = results.Where(result => !result.Succeeded).Select(result =>
            done.Find(item => ReferenceEquals(item.HostResult, result) && item.Step.Status == StepStatus.Failed).Result?.ExitCode);
        Run.ThrowIfFailed(Name, results, SharedExitCode(codes));
    }

    private async Task StreamAsync(Run run, List<(string Host, UserCommand Command)> commands)
    {
        var prepared = await run.TryAsync(PrepareTitle, Hosts, host =>
            commands.Where(item => item.Host == host).SelectMany(item => item.Command.Before)).ConfigureAwait(false);
        Run.ThrowIfFailed(PrepareTitle, prepared);
        List<KamalException> failures = [];
        foreach (var (host, command) in commands.Where(item => run.Participants.Include(item.Host)))
        {
            void Emit(ReadOnlyMemory<byte> bytes, bool isError) => run.Sink.Emit(new RawOutputReceived(bytes)
            {
                HostName = host, IsError = isError,
            });
            var began = run.Context.Clock.GetTimestamp();
            int? exitCode = null;
            try
            {
                exitCode = await run.Context.Fleet.StreamAsync(host, command.Step, bytes => Emit(bytes, false), bytes =>
                    Emit(bytes, true), run.Cancellation).ConfigureAwait(false);
                if (exitCode != 0) failures.Add(UserCommandFailure.Describe(host, command.Step, exitCode));
            }
            catch (KamalException error)
            {
                if (run.LeavesOut(Name, host, error)) continue;
                failures.Add(error);
            }

            run.Keep(new KamalCommandResult(host, exitCode, "")
            {
                Role = command.Step.Role,
                Accessory = command.Step.Accessory,
                Duration = run.Context.Clock.GetElapsedTime(began),
            });
        }

        run.ThrowReported(Name, failures, SharedExitCode(failures.Select(failure => failure.ExitCode)));
    }

    /// <summary>
    /// What the whole ends with, as ssh does: the exit code of the failed command; null if several failed with different ones, or something
    /// else did.
    /// </summary>
    private static int? SharedExitCode(IEnumerable<int?> codes) => codes.Distinct().Take(2).ToList() is [var only] ? only : null;

    private static KamalCommandResult Read(string host, StepResult step) =>
        new(host, step.Status is StepStatus.Succeeded or StepStatus.Failed ? step.ExitCode : null, step.Output)
        {
            Role = step.Step.Role,
            Accessory = step.Step.Accessory,
            ErrorOutput = step.ErrorOutput,
            Duration = step.Duration,
        };
}

/// <summary>A user's own command on a host.</summary>
/// <param name="Before">What is done before it: a login, an audit line.</param>
/// <param name="Step">The command.</param>
internal sealed record UserCommand(IReadOnlyList<Step> Before, Step Step);
