using Kamal.Engine.Commands;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary><c>kamal lock status</c>: who holds the deploy lock.</summary>
public sealed class LockStatusOperation : IOperation<KamalLock>
{
    private const string Phase = "Read the deploy lock";

    /// <inheritdoc/>
    public async Task<KamalLock> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
    {
        var run = new OperationRun(context, sink, cancellationToken);
        var host = new DeployLock(run).HostName;
        var step = new Step(Phase, new LockCommands(context.Configuration).Status()) { Effect = StepEffect.ReadOnly, IgnoreFailure = true };
        var results = await run.PhaseAsync(Phase, [host], _ => [step]).ConfigureAwait(false);
        var result = results[0].Find(Phase)!;
        if (result.Status == StepStatus.Failed && result.ExitCode != LockCommands.NotHeld)
        {
            throw StepFailure.Describe(host, result);
        }

        var state = result.Status == StepStatus.Succeeded ? KamalLock.Parse(host, result.Output) : new(host, false);
        sink.Produce(state);
        return state;
    }
}
