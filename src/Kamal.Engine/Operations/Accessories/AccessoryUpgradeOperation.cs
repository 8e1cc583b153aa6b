using Kamal.Engine.Events;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary><c>kamal accessory upgrade</c>: restarts accessories of Kamal 1 in the network of Kamal 2.</summary>
/// <param name="names">Which: names, <c>*</c> allowed; none, or <c>all</c>, for all.</param>
/// <param name="rolling">One host after another, rather than all at once.</param>
public sealed class AccessoryUpgradeOperation(IReadOnlyList<string> names, bool rolling) : IOperation<IReadOnlyList<KamalHostResult>>
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<KamalHostResult>> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
    {
        AccessorySelection.Match(context.Configuration, names);
        var run = new OperationRun(context, sink, cancellationToken);
        List<KamalHostResult> results = [];
        await new DeployLock(run).HoldAsync(async () => results.AddRange(await RunAsync(run).ConfigureAwait(false))).ConfigureAwait(false);
        return results;
    }

    /// <summary>Upgrades, under a lock that is held already.</summary>
    internal async Task<IReadOnlyList<KamalHostResult>> RunAsync(OperationRun run)
    {
        var accessories = AccessorySelection.Match(run.Configuration, names);
        List<KamalHostResult> results = [];
        foreach (var hosts in HostGroups.Of(run.Selection.AccessoryHosts, rolling))
        {
            var list = string.Join(",", hosts);
            run.Sink.Inform($"Upgrading accessories on {list}...");
            results.AddRange(await new AccessoryBoot(run.WithHosts(hosts)).RunAsync(accessories, reboot: true).ConfigureAwait(false));
            run.Sink.Inform($"Upgraded accessories on {list}");
        }

        return results;
    }
}
