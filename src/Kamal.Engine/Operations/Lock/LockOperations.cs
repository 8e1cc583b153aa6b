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

    /// <summary><c>kamal lock release</c>: removes the deploy lock, if there is one.</summary>
    /// <param name="owner">Only the lock with this owner; no matter whose it is, if null.</param>
    public static Operation<KamalLock> Release(string? owner = null) => Operation.Single<KamalLock>(context =>
    {
        if (owner?.All(char.IsAsciiHexDigitLower) == false || owner is "")
        {
            throw new KamalException(KamalErrorId.ArgumentInvalid, $"'{owner}' is not the owner of a deploy lock.")
            {
                Recommendation = "Get-KamalLock (kamal lock status) shows the owner.",
            };
        }

        var commands = new LockCommands(context.Configuration);
        var host = new DeployLock(context).HostName;
        return Plan.Of(new HostPhase(ReleasePhase, [host], Steps.Of(_ =>
        [
            new(HolderStep, commands.Status()) { Effect = StepEffect.ReadOnly, IgnoreFailure = true },
            new(ReleasePhase, owner is null ? commands.Release() : commands.ReleaseOwn(owner))
            {
                When = commands.Exists(), IgnoreFailure = owner is not null,
            },
        ]))
        {
            NeedsAllHosts = true,
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
            NeedsAllHosts = true,
            Learn = (run, results) => run.Produce(StateOf(run, host, results[0].Find(ReadPhase)!)),
        });
    });

    private static KamalLock StateOf(Run run, string host, StepResult result)
    {
        var path = HostPaths.Lock(run.Context.Configuration);
        return result.ExitCode switch
        {
            _ when result.Status == StepStatus.Succeeded => LockReading.Read(host, result.Output, run.Context.Clock.GetUtcNow()),
            LockCommands.NotHeld => new(host, false),
            _ when result.Status == StepStatus.Previewed => new(host, false),
            // Held all the same: no deploy can begin. Its text says why no owner is named.
            LockCommands.NoDetails => new(host, true) { Text = LockRefusal.State(host, path, result)!.Message },
            _ => throw LockRefusal.State(host, path, result) ?? StepFailure.Describe(host, result),
        };
    }

    private static void ReadRelease(Run run, string host, ScriptResult result)
    {
        var path = HostPaths.Lock(run.Context.Configuration);
        var holder = result.Find(HolderStep)!;
        var released = result.Find(ReleasePhase)!;
        var held = holder.Status == StepStatus.Succeeded ? LockReading.Read(host, holder.Output, run.Context.Clock.GetUtcNow()) : null;
        if (released is { Status: StepStatus.Failed, ExitCode: LockCommands.NotOwn })
        {
            throw new KamalException(KamalErrorId.DeployLockHeld,
                $"The deploy lock on {host} has a new owner and was not released."
                    + (held is null ? "" : " " + LockRefusal.Describe(held)))
            {
                HostName = host, Recommendation = "Get-KamalLock (kamal lock status) shows who holds it.",
            };
        }

        if (released.Status == StepStatus.Failed) throw StepFailure.Describe(host, released);
        if (released.Status == StepStatus.Skipped) run.Sink.Inform("There is no deploy lock", host);
        else if (released.Status == StepStatus.Succeeded) Tell(run, host, path, holder, held);
        // What it was, so that whoever removed it knows whose it was.
        run.Produce(held is null ? new(host, false) : held with { IsHeld = false });
    }

    private static void Tell(Run run, string host, string path, StepResult holder, KamalLock? held)
    {
        if (holder.ExitCode == LockCommands.NotADirectory)
        {
            run.Sink.Inform($"Removed {path}, which was not a deploy lock but stood in its place", host);
            return;
        }

        run.Sink.Inform($"Released the deploy lock{(held is null ? "" : $". {LockRefusal.Describe(held)}")}", host);
        if (held is { ProcessId: not null, IsStale: false, MachineName: { } machine })
        {
            run.Sink.Warn($"The run that held the lock is still active: it continues without the lock, and another can start. Stop it on "
                + $"{machine} (process {held.ProcessId}).", host);
        }
    }

    /// <summary>Takes the lock and keeps it. A run that is stopped before it has the answer leaves no lock.</summary>
    private sealed record TakeLock(DeployLock Lock, string Message) : Phase("Acquire the deploy lock")
    {
        public override async Task RunAsync(Run run)
        {
            try
            {
                await Lock.AcquireAsync(run, Message, isRun: false).ConfigureAwait(false);
                run.Cancellation.ThrowIfCancellationRequested();
            }
            catch (Exception)
            {
                await Lock.ReleaseAsync(run, throwing: false).ConfigureAwait(false);
                throw;
            }

            var state = run.Claim is { } claim && !run.IsPreview
                ? LockReading.Read(
                    Lock.HostName, $"{claim.Details}\n{LockCommands.OwnerPrefix}{claim.Nonce} 0", run.Context.Clock.GetUtcNow())
                : new(Lock.HostName, false);
            run.Claim?.End();
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
