using System.Collections.Immutable;
using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary><c>kamal accessory boot, reboot, start, stop, restart, remove, …</c>: does one thing with accessories, under the deploy lock.</summary>
/// <param name="action">What.</param>
/// <param name="names">With which: names, <c>*</c> allowed; none, or <c>all</c>, for all.</param>
public sealed class AccessoryOperation(AccessoryAction action, IReadOnlyList<string> names) : IOperation<IReadOnlyList<KamalHostResult>>
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<KamalHostResult>> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
    {
        var accessories = AccessorySelection.Match(context.Configuration, names);
        var run = new OperationRun(context, sink, cancellationToken);
        if (action is AccessoryAction.Boot or AccessoryAction.Reboot) await new OwnCertificates(run).CheckAsync(accessories).ConfigureAwait(false);
        IReadOnlyList<KamalHostResult> results = [];
        await new DeployLock(run).HoldAsync(async () => results = await RunAsync(run, accessories).ConfigureAwait(false)).ConfigureAwait(false);
        return results;
    }

    private Task<IReadOnlyList<KamalHostResult>> RunAsync(OperationRun run, ImmutableArray<AccessoryConfiguration> accessories) => action switch
    {
        AccessoryAction.Boot => new AccessoryBoot(run).RunAsync(accessories),
        AccessoryAction.Reboot => new AccessoryBoot(run).RunAsync(accessories, reboot: true),
        _ => new AccessoryPhase(run).RunAsync(action, accessories),
    };
}
