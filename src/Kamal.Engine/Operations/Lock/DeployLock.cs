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
    private const string ReleaseStep = "Release the deploy lock";
    private const string ReleaseByHand = "Release it with Unlock-KamalDeployment (kamal lock release).";

    /// <summary>How long the release may take, a new connection included.</summary>
    private static readonly TimeSpan ReleaseLimit = TimeSpan.FromSeconds(15);

    private readonly LockCommands _commands = new(run.Configuration);
    private LockClaim? _claim;

    /// <summary>The host that holds it.</summary>
    public string HostName => run.Configuration.PrimaryHost
        ?? throw new KamalException(KamalErrorId.ConfigurationInvalid, "The configuration has no host, so there is none to hold the deploy lock.");

    /// <summary>Whether it is still to be taken.</summary>
    public bool IsNeeded => !run.Context.State.HoldingLock;

    /// <summary>What the lock says of its owner, once this run has taken it.</summary>
    public string? Details => _claim?.Details;

    /// <summary>Runs work under the lock and gives it back whatever happens, also when the run is stopped.</summary>
    public async Task HoldAsync(Func<Task> work)
    {
        if (!IsNeeded)
        {
            await work().ConfigureAwait(false);
            return;
        }

        await ReleaseAfterAsync(async () =>
        {
            await AcquireAsync(AutomaticMessage).ConfigureAwait(false);
            await work().ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    /// <summary>Takes the lock and keeps it; a run that is stopped before it has the answer leaves no lock.</summary>
    public async Task TakeAsync(string message)
    {
        try
        {
            await AcquireAsync(message).ConfigureAwait(false);
            run.Cancellation.ThrowIfCancellationRequested();
        }
        catch (Exception)
        {
            await ReleaseAsync(throwing: false).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>What is about to be tried; whatever becomes of it, <see cref="ReleaseAfterAsync"/> leaves no lock of this run's.</summary>
    public async Task<LockClaim> ClaimAsync(string message)
    {
        var name = await run.Git.UserNameAsync(run.Cancellation).ConfigureAwait(false) is { Length: > 0 } known ? known : Environment.UserName;
        var versioned = await run.WithResolvedVersionAsync().ConfigureAwait(false);
        return _claim = new(HostName, LockCommands.DetailsText(name, run.Context.Clock.GetUtcNow(), versioned.Configuration.Version, message));
    }

    /// <summary>The steps that take the lock, as the end of a script on <see cref="HostName"/>.</summary>
    public IEnumerable<Step> Steps(LockClaim claim) =>
    [
        new(AcquireStep, _commands.Acquire(claim.Details, claim.Nonce)) { FailureMessage = "the deploy lock cannot be taken" },
        new(HolderStep, _commands.Status()) { Effect = StepEffect.ReadOnly, Run = StepRun.AfterFailure, IgnoreFailure = true },
    ];

    /// <summary>Notes whether the lock was taken; the error if it was not.</summary>
    public KamalException? Observe(IReadOnlyList<ScriptResult> results)
    {
        var result = results.Single(one => one.HostName == HostName);
        var acquired = result.Find(AcquireStep);
        if (acquired?.Status is StepStatus.Succeeded or StepStatus.Previewed)
        {
            run.Context.State.HoldingLock = true;
            if (_claim is not null) _claim.IsConfirmed = true;
            return null;
        }

        // A step that failed or was left out has taken no lock. One whose end nobody saw may have.
        if (acquired?.Status is StepStatus.Failed or StepStatus.Skipped) _claim = null;
        var failure = result.Failure ?? throw new InvalidOperationException($"The script on {HostName} succeeded without taking the deploy lock.");
        return acquired?.Status == StepStatus.Failed
            ? LockRefusal.Explain(HostName, HostPaths.Lock(run.Configuration), acquired, result.Find(HolderStep), failure)
            : failure;
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

    /// <summary>Takes the lock in a round trip of its own, and waits for it if the run is to.</summary>
    private async Task AcquireAsync(string message)
    {
        var options = run.Context.Options;
        var began = run.Context.Clock.GetTimestamp();
        var told = false;
        run.Sink.Inform("Acquiring the deploy lock...");
        while (true)
        {
            var claim = await ClaimAsync(message).ConfigureAwait(false);
            await run.ConnectAsync().ConfigureAwait(false);
            var results = await run.Context.Fleet.RunAsync(AcquireStep, [HostName],
                host => new HostScript(AcquireStep, [.. Steps(claim)]) { Sending = () => claim.NoteSending(host) }, run.Cancellation).ConfigureAwait(false);
            if (Observe(results) is not { } failure) return;
            var waited = run.Context.Clock.GetElapsedTime(began);
            if (!options.LockWait || !LockRefusal.IsWorthWaitingFor(failure) || waited >= options.LockWaitTimeout) throw failure;
            if (!told) run.Sink.Inform($"{failure.Message} Waiting for it.");
            told = true;
            var pause = options.LockWaitTimeout - waited;
            await Task.Delay(pause < options.LockWaitInterval ? pause : options.LockWaitInterval, run.Context.Clock, run.Cancellation).ConfigureAwait(false);
        }
    }

    private async Task ReleaseAsync(bool throwing)
    {
        if (_claim is not { } claim || !(claim.IsSent || claim.IsConfirmed)) return;
        _claim = null;
        if (claim.IsConfirmed) run.Context.State.HoldingLock = false;
        if (await ReleaseOnHostAsync(claim).ConfigureAwait(false) is not { } failure) return;
        var message = claim.IsConfirmed
            ? $"The deploy lock on {HostName} could not be released: {failure.Message}"
            : $"The deploy lock on {HostName} may be left behind by this run, which was cut off while it took it: {failure.Message}";
        if (!throwing)
        {
            run.Sink.Warn($"{message} {failure.Recommendation ?? ReleaseByHand}", HostName);
            return;
        }

        throw new KamalException(failure.Id, message, failure) { HostName = HostName, Recommendation = failure.Recommendation ?? ReleaseByHand };
    }

    /// <summary>Releases the lock if it is the claim's; what to tell if it cannot be done, or somebody else has done it.</summary>
    private async Task<KamalException?> ReleaseOnHostAsync(LockClaim claim)
    {
        using var limit = new CancellationTokenSource(ReleaseLimit);
        Step[] steps =
        [
            new(ReleaseStep, _commands.ReleaseOwn(claim.Nonce)) { Error = KamalErrorId.DeployLockMissing, FailureMessage = "it is there still" },
            new(HolderStep, _commands.Status()) { Effect = StepEffect.ReadOnly, Run = StepRun.AfterFailure, IgnoreFailure = true },
        ];
        try
        {
            // By its nonce it can be released as often as it takes.
            for (var isFirst = true; ; isFirst = false)
            {
                var results = await run.Context.Fleet.RunAsync(ReleaseStep, [HostName], _ => new HostScript(ReleaseStep, [.. steps]), limit.Token).ConfigureAwait(false);
                if (results.Count == 0 || results[0].Failure is not { } failure) return null;
                if (failure.Id == KamalErrorId.ConnectionFailed && isFirst) continue;
                return results[0].Find(ReleaseStep) is { Status: StepStatus.Failed, ExitCode: LockCommands.NotOwn }
                    ? LockRefusal.NotOurs(claim, isFirst, results[0].Find(HolderStep))
                    : failure;
            }
        }
        catch (OperationCanceledException late)
        {
            return new KamalException(KamalErrorId.TimedOut, $"{HostName} did not answer within {ReleaseLimit.TotalSeconds:0} s.", late);
        }
    }
}
