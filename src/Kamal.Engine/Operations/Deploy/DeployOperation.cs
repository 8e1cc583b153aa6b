using Kamal.Engine.Events;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary><c>kamal deploy</c>: builds, pushes, pulls, boots and prunes.</summary>
/// <param name="options">How.</param>
public sealed class DeployOperation(DeployOptions options) : IOperation<IReadOnlyList<KamalDeployResult>>
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<KamalDeployResult>> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
    {
        var checkedRun = await new OperationRun(context, sink, cancellationToken).CheckedAsync().ConfigureAwait(false);
        var run = await checkedRun.Warmed().WithResolvedVersionAsync().ConfigureAwait(false);
        return await new DeployFlow(run).DeployAsync(options).ConfigureAwait(false);
    }
}
