using System.Security.Cryptography;
using Kamal.Engine.Commands;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;

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
    private const string ReleaseByHand = "Release it with Unlock-KamalDeployment (kamal lock release).";

    /// <summary>How long the release may take, a new connection included.</summary>
    private static readonly TimeSpan ReleaseLimit = TimeSpan.FromSeconds(15);

    private readonly LockCommands _commands = new(context.Configuration);

    /// <summary>The host that holds it.</summary>
    public string HostName => context.Configuration.PrimaryHost
        ?? throw new KamalException(KamalErrorId.ConfigurationInvalid, "The configuration has no host that could hold the deploy lock.");

    /// <summary>Takes the lock in a round trip of its own, and waits for it if the run is to.</summary>
    public async Task AcquireAsync(Run run, string message)
    {
        var options = context.Options;
        var began = run.Context.Clock.GetTimestamp();
        var told = false;
        run.Sink.Inform("Acquiring the deploy lock...");
        while (true)
        {
            var claim = await ClaimAsync(run, message).ConfigureAwait(false);
            await run.ConnectAsync().ConfigureAwait(false);
            var results = await run.Context.Fleet.RunAsync(AcquireStep, [HostName],
                host => new HostScript(AcquireStep, [.. Steps(claim)]) { Sending = () => claim.NoteSending(host) },
                    run.Cancellation).ConfigureAwait(false);
            if (Observe(run, results) is not { } failure) return;
            var waited = run.Context.Clock.GetElapsedTime(began);
            if (!options.LockWait || !LockRefusal.IsWorthWaitingFor(failure) || waited >= options.LockWaitTimeout) throw failure;
            if (!told) run.Sink.Inform($"{failure.Message} Waiting for it.");
            told = true;
            var pause = options.LockWaitTimeout - waited;
            await Task.Delay(pause < options.LockWaitInterval ? pause
                : options.LockWaitInterval, run.Context.Clock, run.Cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>What is about to be tried. Whatever becomes of it, <see cref="ReleaseAsync"/> leaves no lock of this run's.</summary>
    public async Task<LockClaim> ClaimAsync(Run run, string message)
    {
        var name = await run.Context.Git.UserNameAsync(run.Cancellation).ConfigureAwait(false) is { Length: > 0 } known
            ? known
            : Environment.UserName;
        var versioned = await context.VersionedAsync(run.Cancellation).ConfigureAwait(false);
        return run.Claim = Claim(run, name, versioned.Configuration.Version, message);
    }

    /// <summary>The steps that take the lock, as the end of a script on <see cref="HostName"/>.</summary>
    public IEnumerable<Step> Steps(LockClaim claim) =>
    [
        new(AcquireStep, _commands.Acquire(claim.Details, claim.Nonce)) { FailureMessage = "the deploy lock cannot be taken" },
        new(HolderStep, _commands.Status()) { Effect = StepEffect.ReadOnly, Run = StepRun.AfterFailure, IgnoreFailure = true },
    ];

    /// <summary>Notes whether the lock was taken; the error if it was not.</summary>
    public KamalException? Observe(Run run, IReadOnlyList<ScriptResult> results)
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
        if (acquired?.Status is StepStatus.Failed or StepStatus.Skipped) run.Claim = null;
        var failure = result.Failure
            ?? throw new InvalidOperationException($"The script on {HostName} succeeded without taking the deploy lock.");
        return acquired?.Status == StepStatus.Failed
            ? LockRefusal.Explain(HostName, HostPaths.Lock(context.Configuration), acquired, result.Find(HolderStep), failure)
            : failure;
    }

    /// <summary>Releases the lock, if the run took it or may have.</summary>
    public async Task ReleaseAsync(Run run, bool throwing)
    {
        if (run.Claim is not { } claim || !(claim.IsSent || claim.IsConfirmed)) return;
        run.Claim = null;
        if (claim.IsConfirmed) run.HoldsLock = false;
        if (await ReleaseOnHostAsync(run, claim).ConfigureAwait(false) is not { } failure) return;
        var message = claim.IsConfirmed
            ? $"The deploy lock on {HostName} could not be released: {failure.Message}"
            : $"The deploy lock on {HostName} may be left behind by this run, which was cut off while it took it: {failure.Message}";
        if (!throwing)
        {
            run.Sink.Warn($"{message} {failure.Recommendation ?? ReleaseByHand}", HostName);
            return;
        }

        throw new KamalException(failure.Id, message, failure)
        {
            HostName = HostName, Recommendation = failure.Recommendation ?? ReleaseByHand,
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
    public LockClaim ShownClaim(Run run) => Claim(run, Environment.UserName, context.Configuration.Version, AutomaticMessage);

    private LockClaim Claim(Run run, string name, string? version, string message) =>
        new(HostName, LockCommands.DetailsText(name, run.Context.Clock.GetUtcNow(), version, message));

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
        try
        {
            // By its nonce it can be released as often as it takes.
            for (var isFirst = true; ; isFirst = false)
            {
                var results = await run.Context.Fleet.RunAsync(ReleaseStep, [HostName], _ =>
                    new HostScript(ReleaseStep, [.. steps]), limit.Token).ConfigureAwait(false);
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

/// <summary>One attempt to take the deploy lock.</summary>
/// <param name="HostName">The host that holds it.</param>
/// <param name="Details">What the lock says of its owner.</param>
internal sealed record LockClaim(string HostName, string Details)
{
    /// <summary>What makes the lock this run's own: only a lock with it is released.</summary>
    public string Nonce { get; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>Whether the lock may be there: what takes it was sent, and was not answered with a refusal.</summary>
    public bool IsSent { get; private set; }

    /// <summary>Whether the host said that the lock is taken.</summary>
    public bool IsConfirmed { get; set; }

    /// <summary>What takes the lock is about to be sent to a host.</summary>
    public void NoteSending(string hostName) => IsSent |= hostName == HostName;
}
