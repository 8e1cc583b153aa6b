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
        var run = await new OperationRun(context, sink, cancellationToken).Warmed().WithResolvedVersionAsync().ConfigureAwait(false);
        return await new DeployFlow(run).RedeployAsync(options).ConfigureAwait(false);
    }
}
