using Kamal.Engine.Commands;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary><c>kamal app stale_containers</c>: finds containers that run besides the current one, and stops them if asked.</summary>
/// <param name="stop">Whether they are stopped, under the deploy lock.</param>
public sealed class StaleContainersOperation(bool stop) : IOperation<IReadOnlyList<KamalStaleContainer>>
{
    private const string Phase = "Look for stale containers";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<KamalStaleContainer>> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
    {
        var run = new OperationRun(context, sink, cancellationToken);
        if (!stop) return await FindAsync(run).ConfigureAwait(false);
        IReadOnlyList<KamalStaleContainer> found = [];
        await new DeployLock(run).HoldAsync(async () => found = await FindAsync(run).ConfigureAwait(false)).ConfigureAwait(false);
        return found;
    }

    private async Task<IReadOnlyList<KamalStaleContainer>> FindAsync(OperationRun run)
    {
        var results = await run.TryPhaseAsync(Phase, run.Selection.AppHosts, host =>
            run.Selection.RolesOn(host).SelectMany(role => StaleContainerSteps.For(run.Configuration, role, stop))).ConfigureAwait(false);
        return run.ConcludeEach(Phase, results, result =>
            from role in run.Selection.RolesOn(result.HostName)
            from container in StaleContainerSteps.Found(result, role)
            select new KamalStaleContainer(result.HostName, role.Name, new AppCommands(run.Configuration, role).VersionOf(container.Name) ?? "")
            {
                ContainerName = container.Name,
                Stopped = result.Steps.Any(step => step.Step.Name == StaleContainerSteps.Stop && step.Step.Role == role.Name && step.Status == StepStatus.Succeeded),
            });
    }
}
