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
        var state = result.ExitCode switch
        {
            _ when result.Status == StepStatus.Succeeded => KamalLock.Parse(host, result.Output),
            LockCommands.NotHeld => new(host, false),
            // Held all the same: nobody can deploy. Its text says why nobody is named.
            LockCommands.NoDetails => new(host, true) { Text = LockRefusal.State(host, HostPaths.Lock(context.Configuration), result)!.Message },
            _ => throw LockRefusal.State(host, HostPaths.Lock(context.Configuration), result) ?? StepFailure.Describe(host, result),
        };
        sink.Produce(state);
        return state;
    }
}
