using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>Runs users' own commands and hands back what they did.</summary>
/// <param name="run">The operation.</param>
internal sealed class UserCommandRunner(OperationRun run)
{
    private const string Phase = "Run the command";

    /// <summary>Runs them: those of a host one after another in one round trip, hosts side by side.</summary>
    public async Task<IReadOnlyList<KamalCommandResult>> RunAsync(IReadOnlyList<UserCommand> commands, bool raw)
    {
        if (raw) return await StreamAsync(commands).ConfigureAwait(false);
        var results = await run.TryPhaseAsync(Phase, HostsOf(commands), host =>
            commands.Where(command => command.HostName == host).SelectMany(command => (IEnumerable<Step>)[.. command.Before, command.Step])).ConfigureAwait(false);
        var done = (
            from command in commands
            from result in results
            where result.HostName == command.HostName
            from step in result.Steps
            where ReferenceEquals(step.Step, command.Step)
            select (HostResult: result, Step: step, Result: Read(command, step))).ToList();
        var codes = results.Where(result => !result.Succeeded).Select(result =>
            done.Find(item => ReferenceEquals(item.HostResult, result) && item.Step.Status == StepStatus.Failed).Result?.ExitCode);
        return run.Conclude(Phase, results, done.Select(item => item.Result), SharedExitCode(codes));
    }

    /// <summary>What the whole ends with, as ssh does: the exit code of the failed command; null where several failed with different ones, or something else did.</summary>
    private static int? SharedExitCode(IEnumerable<int?> codes) => codes.Distinct().Take(2).ToList() is [var only] ? only : null;

    private static KamalCommandResult Read(UserCommand command, StepResult step) =>
        new(command.HostName, step.Status is StepStatus.Succeeded or StepStatus.Failed ? step.ExitCode : null, step.Output)
        {
            Role = command.Step.Role,
            Accessory = command.Step.Accessory,
            ErrorOutput = step.ErrorOutput,
            Duration = step.Duration,
        };

    /// <summary>One after another, so that the bytes of two hosts do not mix.</summary>
    private async Task<IReadOnlyList<KamalCommandResult>> StreamAsync(IReadOnlyList<UserCommand> commands)
    {
        await run.PhaseAsync("Prepare to run the command", HostsOf(commands), host => commands.Where(command => command.HostName == host).SelectMany(command => command.Before)).ConfigureAwait(false);
        List<KamalCommandResult> results = [];
        List<KamalException> failures = [];
        foreach (var command in commands)
        {
            void Emit(ReadOnlyMemory<byte> bytes, bool isError) => run.Sink.Emit(new RawOutputReceived(bytes) { HostName = command.HostName, IsError = isError });
            var began = run.Context.Clock.GetTimestamp();
            int? exitCode = null;
            try
            {
                exitCode = await run.Context.Fleet.StreamAsync(command.HostName, command.Step, bytes => Emit(bytes, false), bytes => Emit(bytes, true), run.Cancellation).ConfigureAwait(false);
                if (exitCode != 0) failures.Add(UserCommandFailure.Describe(command.HostName, command.Step, exitCode));
            }
            catch (KamalException error)
            {
                failures.Add(error);
            }

            var result = new KamalCommandResult(command.HostName, exitCode, "")
            {
                Role = command.Step.Role,
                Accessory = command.Step.Accessory,
                Duration = run.Context.Clock.GetElapsedTime(began),
            };
            results.Add(result);
        }

        run.ThrowReported(Phase, failures, SharedExitCode(failures.Select(failure => failure.ExitCode)));
        return results;
    }

    private static List<string> HostsOf(IReadOnlyList<UserCommand> commands) => [.. commands.Select(command => command.HostName).Distinct()];
}
