using Kamal.Engine.Events;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary><c>kamal rollback VERSION</c>: goes back to a version whose containers are still there.</summary>
/// <param name="version">The version.</param>
public sealed class RollbackOperation(string version) : IOperation<IReadOnlyList<KamalDeployResult>>
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<KamalDeployResult>> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
    {
        var checkedRun = await new OperationRun(context, sink, cancellationToken).CheckedAsync().ConfigureAwait(false);
        var run = checkedRun.Warmed().WithVersion(version);
        return await new DeployFlow(run).RollbackAsync().ConfigureAwait(false);
    }
}
