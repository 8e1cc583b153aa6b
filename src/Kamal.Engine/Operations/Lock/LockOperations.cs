using Kamal.Engine.Commands;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>The deploy lock by itself.</summary>
public static class LockOperations
{
    private const string ReadPhase = "Read the deploy lock";
    private const string ReleasePhase = "Release the deploy lock";
    private const string HolderStep = "Read who holds the deploy lock";

    /// <summary><c>kamal lock acquire</c>: takes the deploy lock, which stays until it is released.</summary>
    /// <param name="message">Why.</param>
    public static Operation<KamalLock> Acquire(string message) =>
        Operation.Single<KamalLock>(context => Plan.Of(new TakeLock(new(context), message)));

    /// <summary><c>kamal lock release</c>: removes the deploy lock, no matter whose it is, if there is one.</summary>
    public static Operation<KamalLock> Release() => Operation.Single<KamalLock>(context =>
    {
        var commands = new LockCommands(context.Configuration);
        var host = new DeployLock(context).HostName;
        return Plan.Of(new HostPhase(ReleasePhase, [host], Steps.Of(_ =>
        [
            new(HolderStep, commands.Status()) { Effect = StepEffect.ReadOnly, IgnoreFailure = true },
            new(ReleasePhase, commands.Release()) { When = commands.Exists() },
        ]))
        {
            Learn = (run, results) => ReadRelease(run, host, results[0]),
        });
    });

    /// <summary><c>kamal lock status</c>: who holds the deploy lock.</summary>
    public static Operation<KamalLock> Status() => Operation.Single<KamalLock>(context =>
    {
        var host = new DeployLock(context).HostName;
        var step = new Step(ReadPhase, new LockCommands(context.Configuration).Status())
        {
            Effect = StepEffect.ReadOnly, IgnoreFailure = true,
        };
        return Plan.Of(new HostPhase(ReadPhase, [host], Steps.Of(_ => [step]))
        {
            Learn = (run, results) => run.Produce(StateOf(context, host, results[0].Find(ReadPhase)!)),
        });
    });

    private static KamalLock StateOf(KamalContext context, string host, StepResult result) => result.ExitCode switch
    {
        _ when result.Status == StepStatus.Succeeded => KamalLock.Parse(host, result.Output),
        LockCommands.NotHeld => new(host, false),
        _ when result.Status == StepStatus.Previewed => new(host, false),
        // Held all the same: no deploy can begin. Its text says why no owner is named.
        LockCommands.NoDetails => new(host, true)
        {
            Text = LockRefusal.State(host, HostPaths.Lock(context.Configuration), result)!.Message,
        },
        _ => throw LockRefusal.State(host, HostPaths.Lock(context.Configuration), result) ?? StepFailure.Describe(host, result),
    };

    private static void ReadRelease(Run run, string host, ScriptResult result)
    {
        var path = HostPaths.Lock(run.Context.Configuration);
        var holder = result.Find(HolderStep)!;
        var released = result.Find(ReleasePhase)!.Status;
        // What it was, so that whoever removed it knows whose it was.
        var was = holder.Status == StepStatus.Succeeded ? KamalLock.Parse(host, holder.Output) with { IsHeld = false } : new(host, false);
        var wasNone = holder.ExitCode == LockCommands.NotADirectory;
        if (released == StepStatus.Succeeded && wasNone)
        {
            run.Sink.Inform($"Removed {path}, which was not a deploy lock but stood in its place", host);
        }
        else if (released == StepStatus.Succeeded) run.Sink.Inform("Released the deploy lock", host);
        else if (released == StepStatus.Skipped) run.Sink.Inform("There is no deploy lock", host);
        run.Produce(was);
    }

    /// <summary>Takes the lock and keeps it. A run that is stopped before it has the answer leaves no lock.</summary>
    private sealed record TakeLock(DeployLock Lock, string Message) : Phase("Acquire the deploy lock")
    {
        public override async Task RunAsync(Run run)
        {
            try
            {
                await Lock.AcquireAsync(run, Message).ConfigureAwait(false);
                run.Cancellation.ThrowIfCancellationRequested();
            }
            catch (Exception)
            {
                await Lock.ReleaseAsync(run, throwing: false).ConfigureAwait(false);
                throw;
            }

            var state = run.Claim is { } claim && !run.IsPreview
                ? KamalLock.Parse(Lock.HostName, claim.Details)
                : new(Lock.HostName, false);
            if (!run.IsPreview) run.Sink.Inform("Acquired the deploy lock", Lock.HostName);
            run.Produce(state);
        }

        public override Task ShowAsync(Run run, PlanView view)
        {
            Lock.ShowAcquire(run, view);
            return Task.CompletedTask;
        }
    }
}
