using Kamal.Engine.Events;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary><c>kamal redeploy</c>: a deploy that leaves the proxy alone and prunes nothing.</summary>
/// <param name="options">How.</param>
public sealed class RedeployOperation(DeployOptions options) : IOperation<IReadOnlyList<KamalDeployResult>>
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<KamalDeployResult>> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
    {
        var checkedRun = await new OperationRun(context, sink, cancellationToken).CheckedAsync().ConfigureAwait(false);
        var run = await checkedRun.Warmed().WithResolvedVersionAsync().ConfigureAwait(false);
        return await new DeployFlow(run).RedeployAsync(options).ConfigureAwait(false);
    }
}
