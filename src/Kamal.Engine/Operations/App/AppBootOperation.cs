using Kamal.Engine.Events;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary><c>kamal app boot</c>: starts the given version, or the latest, and lets go of the one before.</summary>
public sealed class AppBootOperation : IOperation<IReadOnlyList<KamalDeployResult>>
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<KamalDeployResult>> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
    {
        var checkedRun = await new OperationRun(context, sink, cancellationToken).CheckedAsync().ConfigureAwait(false);
        var run = checkedRun.WithGivenOrLatestVersion();
        return await new DeployFlow(run).BootOnlyAsync().ConfigureAwait(false);
    }
}
