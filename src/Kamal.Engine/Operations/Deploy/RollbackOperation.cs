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
        var run = new OperationRun(context, sink, cancellationToken).Warmed().WithVersion(version);
        return await new DeployFlow(run).RollbackAsync().ConfigureAwait(false);
    }
}
