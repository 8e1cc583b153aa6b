using Kamal.Engine.Events;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary><c>kamal server bootstrap</c>: makes sure, under the deploy lock, that the selected hosts have Docker.</summary>
public sealed class ServerBootstrapOperation : IOperation<IReadOnlyList<KamalHostResult>>
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<KamalHostResult>> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
    {
        var run = new OperationRun(context, sink, cancellationToken);
        IReadOnlyList<KamalHostResult> results = [];
        await new DeployLock(run).HoldAsync(async () => results = await new BootstrapPhase(run).RunAsync().ConfigureAwait(false)).ConfigureAwait(false);
        foreach (var result in results) sink.Produce(result);
        return results;
    }
}
