using Kamal.Engine.Commands;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary><c>kamal lock release</c>: takes the deploy lock away, whoever holds it; none there is fine.</summary>
public sealed class LockReleaseOperation : IOperation<KamalLock>
{
    private const string Phase = "Release the deploy lock";
    private const string HolderStep = "Read who holds the deploy lock";

    /// <inheritdoc/>
    public async Task<KamalLock> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
    {
        var run = new OperationRun(context, sink, cancellationToken);
        var host = new DeployLock(run).HostName;
        var path = HostPaths.Lock(context.Configuration);
        var commands = new LockCommands(context.Configuration);
        var results = await run.PhaseAsync(Phase, [host], _ =>
        [
            new(HolderStep, commands.Status()) { Effect = StepEffect.ReadOnly, IgnoreFailure = true },
            new(Phase, commands.Release()) { When = commands.Exists() },
        ]).ConfigureAwait(false);
        var holder = results[0].Find(HolderStep)!;
        var released = results[0].Find(Phase)!.Status;
        // What it was, so that whoever took it away knows whose it was.
        var was = holder.Status == StepStatus.Succeeded ? KamalLock.Parse(host, holder.Output) with { IsHeld = false } : new(host, false);
        if (released == StepStatus.Succeeded && holder.ExitCode == LockCommands.NotADirectory) sink.Inform($"Removed {path}, which was no deploy lock but stood in its place", host);
        else if (released == StepStatus.Succeeded) sink.Inform("Released the deploy lock", host);
        else if (released == StepStatus.Skipped) sink.Inform("There is no deploy lock", host);
        sink.Produce(was);
        return was;
    }
}
