using Kamal.Engine.Events;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary><c>kamal upgrade</c>: from Kamal 1: replaces Traefik by the proxy and restarts accessories in the network of Kamal 2.</summary>
/// <param name="rolling">One host after another, rather than all at once.</param>
public sealed class UpgradeOperation(bool rolling) : IOperation<IReadOnlyList<KamalDeployResult>>
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<KamalDeployResult>> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
    {
        var run = await new OperationRun(context, sink, cancellationToken).CheckedAsync().ConfigureAwait(false);
        List<KamalDeployResult> results = [];
        await new DeployLock(run).HoldAsync(async () =>
        {
            var deployed = await ProxyUpgradeOperation.DeployedVersionAsync(run).ConfigureAwait(false);
            // Everywhere at once Kamal looks after hosts of accessories too; one by one only after those of the app.
            foreach (var hosts in HostGroups.Of(context.Selection.Hosts, rolling))
            {
                var group = run.WithHosts(hosts);
                if (!rolling || !group.Selection.AppHosts.IsEmpty) results.AddRange(await new ProxyUpgradeOperation(rolling: false).RunAsync(group, deployed).ConfigureAwait(false));
                if (!group.Selection.AccessoryHosts.IsEmpty) await new AccessoryUpgradeOperation([], rolling: false).RunAsync(group).ConfigureAwait(false);
            }
        }).ConfigureAwait(false);
        return results;
    }
}
