using Kamal.Engine.Events;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary><c>kamal setup</c>: prepares the servers, boots the accessories and deploys.</summary>
/// <param name="options">How.</param>
public sealed class SetupOperation(DeployOptions options) : IOperation<IReadOnlyList<KamalDeployResult>>
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<KamalDeployResult>> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
    {
        var checkedRun = await new OperationRun(context, sink, cancellationToken).CheckedAsync().ConfigureAwait(false);
        var run = await checkedRun.Warmed().WithResolvedVersionAsync().ConfigureAwait(false);
        return await new DeployFlow(run).SetupAsync(options).ConfigureAwait(false);
    }
}
