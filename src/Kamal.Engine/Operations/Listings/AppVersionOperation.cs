using Kamal.Engine.Commands;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary><c>kamal app version</c>: which version each role runs on each host.</summary>
public sealed class AppVersionOperation : IOperation<IReadOnlyList<KamalAppVersion>>
{
    private const string Phase = "Find the running versions";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<KamalAppVersion>> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
    {
        var run = new OperationRun(context, sink, cancellationToken);
        var results = await run.TryPhaseAsync(Phase, context.Selection.AppHosts, host => context.Selection.RolesOn(host).Select(role =>
            new Step($"Find the version of {role.Name}", new AppCommands(context.Configuration, role).CurrentVersion()) { Effect = StepEffect.ReadOnly, Role = role.Name })).ConfigureAwait(false);
        return run.ConcludeEach(Phase, results, result =>
            from step in result.Steps
            where step.Status == StepStatus.Succeeded
            select new KamalAppVersion(result.HostName, step.Step.Role!, step.Output.Length > 0 ? step.Output : null));
    }
}
