using Kamal.Engine.Events;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary><c>kamal proxy remove</c>: removes the proxies with image and directory.</summary>
/// <param name="force">Also where other apps are installed.</param>
/// <exception cref="KamalException"><see cref="KamalErrorId.ProxyInUse"/>: other apps are installed on a host; nothing was removed.</exception>
public sealed class ProxyRemoveOperation(bool force) : IOperation<IReadOnlyList<KamalHostResult>>
{
    private const string Phase = "Remove the proxy";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<KamalHostResult>> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
    {
        var run = new OperationRun(context, sink, cancellationToken);
        IReadOnlyList<KamalHostResult> results = [];
        await new DeployLock(run).HoldAsync(async () =>
        {
            var removal = new ProxyRemoval(run, await run.AuditAsync().ConfigureAwait(false));
            if (!force) await CheckAsync(run, removal).ConfigureAwait(false);
            var done = await run.TryPhaseAsync(Phase, context.Selection.ProxyHosts, _ => removal.Steps()).ConfigureAwait(false);
            results = run.Conclude(Phase, done, done.Select(result => HostResults.Of(result, Phase)));
        }).ConfigureAwait(false);
        return results;
    }

    /// <summary>All hosts are asked before any is changed.</summary>
    private static async Task CheckAsync(OperationRun run, ProxyRemoval removal)
    {
        var results = await run.PhaseAsync("Look for other apps", run.Selection.ProxyHosts, _ => removal.Count()).ConfigureAwait(false);
        if (ProxyRemoval.InUse(results) is { Count: > 0 } hosts)
        {
            throw new KamalException(KamalErrorId.ProxyInUse, $"The proxy was not removed, as other apps are installed on {string.Join(", ", hosts)}.")
            {
                HostName = hosts[0],
                Recommendation = "Remove them first, or remove the proxy all the same with -Force (kamal proxy remove --force).",
            };
        }
    }
}
