using Kamal.Engine.Events;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary><c>kamal prune all, containers, images</c>: removes what old versions left.</summary>
/// <param name="containers">Whether stopped containers are removed.</param>
/// <param name="images">Whether images are removed that no container uses.</param>
/// <param name="retain">How many stopped containers stay, at least 1; as configured, if null.</param>
public sealed class PruneOperation(bool containers, bool images, int? retain = null) : IOperation<IReadOnlyList<KamalHostResult>>
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<KamalHostResult>> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
    {
        if (retain < 1) throw new KamalException(KamalErrorId.ArgumentInvalid, $"At least 1 container has to be retained, not {retain}.");
        var run = new OperationRun(context, sink, cancellationToken);
        var phase = containers && images ? "Prune containers and images" : containers ? "Prune containers" : "Prune images";
        IReadOnlyList<KamalHostResult> results = [];
        await new DeployLock(run).HoldAsync(async () =>
        {
            var prune = new PruneSteps(run, await run.AuditAsync().ConfigureAwait(false));
            var done = await run.TryPhaseAsync(phase, context.Selection.Hosts, _ =>
            [
                .. containers ? prune.Containers(retain ?? context.Configuration.RetainContainers) : [],
                .. images ? prune.Images() : [],
            ]).ConfigureAwait(false);
            results = run.Conclude(phase, done, done.Select(result => HostResults.Of(result, phase)));
        }).ConfigureAwait(false);
        return results;
    }
}
