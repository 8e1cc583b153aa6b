using System.Globalization;
using Kamal.Engine.Commands;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>
/// The deploy lock. It is always that of the whole app, on the configuration's primary host, whatever the selection: two selections
/// exclude each other. What a run knows of it is in <see cref="Run.Claim"/> and <see cref="Run.HoldsLock"/>.
/// </summary>
internal sealed class DeployLock(KamalContext context)
{
    /// <summary>What the details say if no message was given (Kamal 2.12).</summary>
    public const string AutomaticMessage = "Automatic deploy lock";

    private const string AcquireStep = "Acquire the deploy lock";
    private const string HolderStep = "Read who holds the deploy lock";
    private const string ReleaseStep = "Release the deploy lock";
    private const int NonceLength = 12;
    private const string TakeOverStep = "Release the deploy lock of a run that is over";

    /// <summary>How long the release may take, a new connection included.</summary>
    private static readonly TimeSpan ReleaseLimit = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly LockCommands _commands = new(context.Configuration);

    /// <summary>The host that holds it.</summary>
    public string HostName => context.Configuration.PrimaryHost
        ?? throw new KamalException(KamalErrorId.ConfigurationInvalid, "The configuration has no host that could hold the deploy lock.");

    /// <summary>Takes the lock in a round trip of its own, and waits for it if the run is to.</summary>
    /// <param name="run">The run.</param>
    /// <param name="message">Why.</param>
    /// <param name="isRun">Whether it is released at the end of the run, rather than by hand.</param>
    public async Task AcquireAsync(Run run, string message, bool isRun = true)
    {
        var options = context.Options;
        var began = run.Context.Clock.GetTimestamp();
        string? told = null;
        run.Sink.Inform("Acquiring the deploy lock...");
        while (true)
        {
            var claim = await ClaimAsync(run, message, isRun).ConfigureAwait(false);
            await run.ConnectAsync().ConfigureAwait(false);
            var results = await run.Context.Fleet.RunAsync(AcquireStep, [HostName],
                host => new HostScript(AcquireStep, [.. Steps(claim)]) { Sending = () => claim.NoteSending(host) },
                    run.Cancellation).ConfigureAwait(false);
            if (Observe(run, results) is not { } refused) return;
            if (await TakeOverAsync(run, refused).ConfigureAwait(false)) continue;
            var waited = run.Context.Clock.GetElapsedTime(began);
            var failure = refused.Error;
            if (failure.Id == KamalErrorId.ConnectionFailed && run.Participants.Policy.SkipsUnreachable)
            {
                throw LockRefusal.Unreachable(HostName, failure);
            }

            if (!options.LockWait || !LockRefusal.IsWorthWaitingFor(failure)) throw failure;
            if (waited >= options.LockWaitTimeout) throw LockRefusal.Waited(failure, waited);
            if (refused.Holder is { } holder && told != holder.Text + holder.IsStale)
            {
                told = holder.Text + holder.IsStale;
                var text = $"{failure.Message} Waiting for it, for up to {LockRefusal.Age(options.LockWaitTimeout - waited)}.";
                if (holder.IsStale) run.Sink.Warn($"{text} {failure.Recommendation}", HostName);
                else run.Sink.Inform(text);
            }

            var pause = options.LockWaitTimeout - waited;
            await Task.Delay(pause < options.LockWaitInterval ? pause
                : options.LockWaitInterval, run.Context.Clock, run.Cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Takes the lock after the script that was to take it did not: its host has failed in it while other hosts go on, or the lock is held
    /// by a run that is certainly over.
    /// </summary>
    /// <exception cref="KamalException">The host cannot be reached, or the lock is held.</exception>
    public Task AcquireAfterAsync(Run run, LockRefused refused) =>
        refused.Error.Id is KamalErrorId.ConnectionFailed or KamalErrorId.TimedOut
            ? throw LockRefusal.Unreachable(HostName, refused.Error)
            : AcquireAsync(run, AutomaticMessage);

    /// <summary>
    /// A result without the failure of the step that takes the lock, which <see cref="Observe"/> tells: otherwise it would be told
    /// twice.
    /// </summary>
    public ScriptResult WithoutOwnFailure(ScriptResult result) =>
        result.HostName == HostName && result.Find(AcquireStep) is { Status: StepStatus.Failed }
            && !result.Steps.Any(step => step.Status == StepStatus.Failed && !step.Step.IgnoreFailure && step.Step.Name != AcquireStep)
            ? result with { Failure = null }
            : result;

    /// <summary>What is about to be tried. Whatever becomes of it, <see cref="ReleaseAsync"/> leaves no lock of this run's.</summary>
    public async Task<LockClaim> ClaimAsync(Run run, string message, bool isRun = true)
    {
        var name = await run.Context.Git.UserNameAsync(run.Cancellation).ConfigureAwait(false) is { Length: > 0 } known
            ? known
            : Environment.UserName;
        var versioned = await context.VersionedAsync(run.Cancellation).ConfigureAwait(false);
        return run.Claim = Claim(run, name, versioned.Configuration.Version, message, isRun);
    }

    /// <summary>The steps that take the lock, as the end of a script on <see cref="HostName"/>.</summary>
    public IEnumerable<Step> Steps(LockClaim claim) =>
    [
        new(AcquireStep, _commands.Acquire(claim.Details, claim.Nonce)) { FailureMessage = "the deploy lock cannot be taken" },
        new(HolderStep, _commands.Status()) { Effect = StepEffect.ReadOnly, Run = StepRun.AfterFailure, IgnoreFailure = true },
    ];

    /// <summary>Notes whether the lock was taken; why not, if it was not.</summary>
    public LockRefused? Observe(Run run, IReadOnlyList<ScriptResult> results)
    {
        var result = results.Single(one => one.HostName == HostName);
        var acquired = result.Find(AcquireStep);
        if (acquired?.Status is StepStatus.Succeeded or StepStatus.Previewed)
        {
            run.HoldsLock = true;
            if (run.Claim is not null) run.Claim.IsConfirmed = true;
            return null;
        }

        // A step that failed or was left out has taken no lock. One whose end was not seen may have.
        if (acquired?.Status is StepStatus.Failed or StepStatus.Skipped)
        {
            run.Claim?.End();
            run.Claim = null;
        }

        if (acquired?.Status != StepStatus.Failed)
        {
            return new(result.Failure
                ?? throw new InvalidOperationException($"The script on {HostName} succeeded without taking the deploy lock."), null);
        }

        var holder = result.Find(HolderStep);
        var held = holder is { Status: StepStatus.Succeeded, Output.Length: > 0 }
            ? LockReading.Read(HostName, holder.Output, run.Context.Clock.GetUtcNow())
            : null;
        var failure = result.Failure ?? StepFailure.Describe(HostName, acquired);
        return new(LockRefusal.Explain(HostName, HostPaths.Lock(context.Configuration), acquired, holder, held, failure), held);
    }

    /// <summary>Removes the lock of a run that is certainly over, and says so; false if it is not, or the lock cannot be removed.</summary>
    private async Task<bool> TakeOverAsync(Run run, LockRefused refused)
    {
        if (!refused.IsOver || refused.Holder is not { Owner: { } owner } holder) return false;
        var results = await run.Context.Fleet.RunAsync(TakeOverStep, [HostName],
            _ => new HostScript(TakeOverStep, [new(TakeOverStep, _commands.ReleaseOwn(owner))]), run.Cancellation).ConfigureAwait(false);
        // Another run that found the same has removed it already.
        var isGone = results[0].Find(TakeOverStep) is { Status: StepStatus.Failed, ExitCode: LockCommands.NotOwn };
        if (!results[0].Succeeded && !isGone) return false;
        if (!isGone) run.Sink.Warn(LockRefusal.TakenOver(holder), HostName);
        return true;
    }

    /// <summary>Releases the lock, if the run took it or may have.</summary>
    public async Task ReleaseAsync(Run run, bool throwing)
    {
        if (run.Claim is not { } claim || !(claim.IsSent || claim.IsConfirmed)) return;
        run.Claim = null;
        if (claim.IsConfirmed) run.HoldsLock = false;
        var failed = await ReleaseOnHostAsync(run, claim).ConfigureAwait(false);
        claim.End();
        if (failed is not { } failure) return;
        var message = claim.IsConfirmed
            ? $"The deploy lock on {HostName} could not be released: {failure.Message}"
            : $"The deploy lock on {HostName} may be left behind by this run, which was cut off while it took it: {failure.Message}";
        if (!throwing)
        {
            run.Sink.Warn($"{message} {failure.Recommendation ?? ReleaseLater(claim)}", HostName);
            return;
        }

        throw new KamalException(failure.Id, message, failure)
        {
            HostName = HostName, Recommendation = failure.Recommendation ?? ReleaseLater(claim),
        };
    }

    public void ShowAcquire(Run run, PlanView view)
    {
        run.ShowConnect(view);
        view.Add(AcquireStep, [new(HostName, new(AcquireStep, [.. Steps(ShownClaim(run))]))]);
    }

    public void ShowRelease(Run run, PlanView view) =>
        view.Add(ReleaseStep, [new(HostName, new(ReleaseStep, [.. ReleaseSteps(ShownClaim(run))]))]);

    /// <summary>A claim for a view, which does not ask git.</summary>
    public LockClaim ShownClaim(Run run)
    {
        var nonce = run.Context.UniqueHex(NonceLength);
        var text = LockCommands.DetailsText(
            PlanView.Performer, run.Context.Clock.GetUtcNow(), context.Configuration.Version, AutomaticMessage, $"Owner: {nonce}");
        return new(HostName, text, nonce);
    }

    private LockClaim Claim(Run run, string name, string? version, string message, bool isRun)
    {
        var nonce = run.Context.UniqueHex(NonceLength);
        var text = LockCommands.DetailsText(name, run.Context.Clock.GetUtcNow(), version, message,
            [.. LockClaim.Owner(nonce, isRun).Select(context.Redact)]);
        return LockClaim.Stand(new(HostName, text, nonce));
    }

    private string ReleaseLater(LockClaim claim) =>
        $"Once {HostName} answers, the next command on this machine that needs the lock releases it and says so; "
            + LockRefusal.ByHand("from elsewhere, release it with", claim.Nonce);

    private Step[] ReleaseSteps(LockClaim claim) =>
    [
        new(ReleaseStep, _commands.ReleaseOwn(claim.Nonce))
        {
            Error = KamalErrorId.DeployLockMissing, FailureMessage = "it is there still",
        },
        new(HolderStep, _commands.Status()) { Effect = StepEffect.ReadOnly, Run = StepRun.AfterFailure, IgnoreFailure = true },
    ];

    /// <summary>Releases the lock if it is the claim's; the error if it cannot be released, or if another run has released it.</summary>
    private async Task<KamalException?> ReleaseOnHostAsync(Run run, LockClaim claim)
    {
        using var limit = new CancellationTokenSource(ReleaseLimit);
        var steps = ReleaseSteps(claim);
        KamalException? last = null;
        try
        {
            // By its nonce it can be released as often as it takes.
            for (var isFirst = true; ; isFirst = false)
            {
                var results = await run.Context.Fleet.RunAsync(ReleaseStep, [HostName], _ =>
                    new HostScript(ReleaseStep, [.. steps]), limit.Token).ConfigureAwait(false);
                if (results.Count == 0 || results[0].Failure is not { } failure) return null;
                last = failure;
                if (failure.Id == KamalErrorId.ConnectionFailed)
                {
                    if (!isFirst) await Task.Delay(RetryAfter, limit.Token).ConfigureAwait(false);
                    continue;
                }

                return results[0].Find(ReleaseStep) is { Status: StepStatus.Failed, ExitCode: LockCommands.NotOwn }
                    ? LockRefusal.NotOurs(claim, isFirst, results[0].Find(HolderStep))
                    : failure;
            }
        }
        catch (OperationCanceledException late)
        {
            return last ?? new KamalException(
                KamalErrorId.TimedOut,
                string.Create(CultureInfo.InvariantCulture, $"{HostName} did not answer within {ReleaseLimit.TotalSeconds:0} s."), late);
        }
    }
}

/// <summary>Why the lock was not taken.</summary>
/// <param name="Error">The error.</param>
/// <param name="Holder">The lock that is there, where it could be read.</param>
internal sealed record LockRefused(KamalException Error, KamalLock? Holder)
{
    /// <summary>Whether the run that holds it is certainly over, so that it can be taken over.</summary>
    public bool IsOver => Holder is { Owner: not null } && LockReading.HasEnded(Holder);
}
