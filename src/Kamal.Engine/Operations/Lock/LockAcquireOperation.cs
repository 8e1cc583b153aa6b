using Kamal.Engine.Events;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary><c>kamal lock acquire</c>: takes the deploy lock, which stays until it is released.</summary>
/// <param name="message">Why.</param>
public sealed class LockAcquireOperation(string message) : IOperation<KamalLock>
{
    /// <inheritdoc/>
    public async Task<KamalLock> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
    {
        var run = new OperationRun(context, sink, cancellationToken);
        var deployLock = new DeployLock(run);
        await deployLock.TakeAsync(message).ConfigureAwait(false);
        var state = deployLock.Details is { } details && !run.IsPreview ? KamalLock.Parse(deployLock.HostName, details) : new(deployLock.HostName, false);
        if (!run.IsPreview) sink.Inform("Acquired the deploy lock", deployLock.HostName);
        sink.Produce(state);
        return state;
    }
}
