using Kamal.Engine.Commands;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>
/// The deploy lock of one run. It is always the one of the whole app, on the configuration's primary host, whatever the
/// selection: two selections exclude each other.
/// </summary>
/// <param name="run">The operation.</param>
internal sealed class DeployLock(OperationRun run)
{
    /// <summary>What the details say where no message was given, as Kamal 2.12.</summary>
    public const string AutomaticMessage = "Automatic deploy lock";

    private const string AcquireStep = "Acquire the deploy lock";
    private const string HolderStep = "Read who holds the deploy lock";

    /// <summary>How long the release may take when the run was stopped.</summary>
    private static readonly TimeSpan ReleaseLimit = TimeSpan.FromSeconds(20);

    private readonly LockCommands _commands = new(run.Configuration);

    /// <summary>The host that holds it.</summary>
    public string HostName => run.Configuration.PrimaryHost
        ?? throw new KamalException(KamalErrorId.ConfigurationInvalid, "The configuration has no host, so there is none to hold the deploy lock.");

    /// <summary>Whether it is still to be taken.</summary>
    public bool IsNeeded => !run.Context.State.HoldingLock;

    /// <summary>Runs work under the lock and gives it back whatever happens, also when the run is stopped.</summary>
    public async Task HoldAsync(Func<Task> work)
    {
        if (!IsNeeded)
        {
            await work().ConfigureAwait(false);
            return;
        }

        await AcquireAsync(AutomaticMessage).ConfigureAwait(false);
        await ReleaseAfterAsync(work).ConfigureAwait(false);
    }

    /// <summary>Takes the lock in a round trip of its own, and waits for it if the run is to.</summary>
    public async Task AcquireAsync(string message)
    {
        var options = run.Context.Options;
        var deadline = run.Context.Clock.GetTimestamp();
        var told = false;
        run.Sink.Inform("Acquiring the deploy lock...");
        while (true)
        {
            var details = await BeginAsync(message).ConfigureAwait(false);
            await run.ConnectAsync().ConfigureAwait(false);
            var results = await run.Context.Fleet.RunAsync(AcquireStep, [HostName],
                _ => new HostScript(AcquireStep, [.. Steps(details)]), run.Cancellation).ConfigureAwait(false);
            if (Observe(results) is not { } failure) return;
            var waited = run.Context.Clock.GetElapsedTime(deadline);
            // A lock that somebody took by hand is held for a reason that waiting does not mend.
            var waitable = options.LockWait && failure.Id == KamalErrorId.DeployLockHeld && failure.Output?.Contains(AutomaticMessage, StringComparison.Ordinal) == true;
            if (!waitable || waited >= options.LockWaitTimeout) throw failure;
            if (!told) run.Sink.Inform($"{failure.Message} Waiting for it.");
            told = true;
            var pause = options.LockWaitTimeout - waited;
            await Task.Delay(pause < options.LockWaitInterval ? pause : options.LockWaitInterval, run.Context.Clock, run.Cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The details that taking the lock writes; from now on a release looks for them.</summary>
    public async Task<string> BeginAsync(string message)
    {
        var name = await run.Git.UserNameAsync(run.Cancellation).ConfigureAwait(false);
        var versioned = await run.WithResolvedVersionAsync().ConfigureAwait(false);
        return run.Context.State.LockDetails = LockCommands.Details(name, run.Context.Clock.GetUtcNow(), versioned.Configuration.Version, message);
    }

    /// <summary>The steps that take the lock, as the end of a script on <see cref="HostName"/>.</summary>
    public IEnumerable<Step> Steps(string details) =>
    [
        new(AcquireStep, _commands.Acquire(details))
        {
            Error = KamalErrorId.DeployLockHeld,
            FailureMessage = "the deploy lock is held",
            Recommendation = "Wait until the other run is over (-LockWait), or, if it died, remove its lock with Unlock-KamalDeployment (kamal lock release).",
        },
        new(HolderStep, _commands.Status()) { Effect = StepEffect.ReadOnly, Run = StepRun.AfterFailure, IgnoreFailure = true },
    ];

    /// <summary>Notes whether the lock was taken; the error if it was not, null too where the script did not come to it.</summary>
    public KamalException? Observe(IReadOnlyList<ScriptResult> results)
    {
        var result = results.FirstOrDefault(one => one.HostName == HostName);
        if (result is null) return null;
        var acquired = result.Find(AcquireStep);
        if (acquired?.Status is StepStatus.Succeeded or StepStatus.Previewed)
        {
            run.Context.State.HoldingLock = true;
            return null;
        }

        if (result.Failure is null) return null;
        if (acquired?.Status != StepStatus.Failed) return result.Failure;
        var holder = result.Find(HolderStep);
        if (holder is not { Status: StepStatus.Succeeded, Output.Length: > 0 }) return result.Failure;
        return new KamalException(KamalErrorId.DeployLockHeld,
            $"The deploy lock on {HostName} is held. {holder.Output.ReplaceLineEndings("; ")}.")
        {
            HostName = HostName,
            Output = holder.Output,
            Recommendation = result.Failure.Recommendation,
        };
    }

    /// <summary>Runs work and then gives the lock back, if this run came to hold it.</summary>
    public async Task ReleaseAfterAsync(Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The work's own error is the one to show; a lock that stays behind is told besides.
            await ReleaseAsync(throwing: false).ConfigureAwait(false);
            throw;
        }

        await ReleaseAsync(throwing: true).ConfigureAwait(false);
    }

    private async Task ReleaseAsync(bool throwing)
    {
        // Stopped while it was being taken, the lock may be there though nobody saw it: only the details tell whose it is.
        if (run.Context.State.LockDetails is not { } details) return;
        var held = run.Context.State.HoldingLock;
        run.Context.State.HoldingLock = false;
        run.Context.State.LockDetails = null;
        using var limit = new CancellationTokenSource(ReleaseLimit);
        var step = new Step("Release the deploy lock", _commands.ReleaseOwn(details)) { Error = KamalErrorId.DeployLockMissing };
        KamalException? failure;
        try
        {
            var results = await run.Context.Fleet.RunAsync(step.Name, [HostName], _ => new HostScript(step.Name, [step]), limit.Token).ConfigureAwait(false);
            failure = results.Count > 0 ? results[0].Failure : null;
        }
        catch (OperationCanceledException late)
        {
            failure = new KamalException(KamalErrorId.TimedOut, $"{HostName} did not answer within {ReleaseLimit.TotalSeconds:0} s.", late);
        }

        if (failure is null || !held) return;
        var message = $"The deploy lock on {HostName} could not be released: {failure.Message}";
        if (!throwing)
        {
            run.Sink.Warn(message + " Release it with Unlock-KamalDeployment (kamal lock release).", HostName);
            return;
        }

        throw new KamalException(failure.Id, message, failure)
        {
            HostName = HostName,
            Recommendation = "Release it with Unlock-KamalDeployment (kamal lock release).",
        };
    }
}
