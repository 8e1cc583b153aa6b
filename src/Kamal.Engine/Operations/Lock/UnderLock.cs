using System.Collections.Immutable;

namespace Kamal.Engine.Operations;

/// <summary>Phases under the deploy lock, which is taken first and released whatever happens, also when the run is stopped.</summary>
internal sealed record UnderLock : Bracket
{
    private readonly DeployLock _lock;
    private readonly bool _isTakenByPhase;

    private UnderLock(DeployLock @lock, ImmutableArray<Phase> phases, bool isTakenByPhase)
        : base("Hold the deploy lock", phases)
    {
        _lock = @lock;
        _isTakenByPhase = isTakenByPhase;
    }

    /// <summary>
    /// The phases under a lock that is taken in a round trip of its own. If the run that calls this one by a hook holds it, nothing is
    /// taken.
    /// </summary>
    public static ImmutableArray<Phase> Around(KamalContext context, params ImmutableArray<Phase> phases) =>
        context.Options.LockHeldByCaller ? phases : [new UnderLock(new(context), phases, isTakenByPhase: false)];

    /// <summary>
    /// The same, but the lock is taken at the end of the first phases' round trip. A run that waits for the lock takes it after those
    /// phases instead, as their scripts cannot be repeated.
    /// </summary>
    public static ImmutableArray<Phase> TakenBy(KamalContext context, Func<DeployLock?, Phase> first, params ImmutableArray<Phase> phases)
    {
        if (context.Options.LockHeldByCaller) return [first(null), .. phases];
        if (context.Options.LockWait) return [first(null), .. Around(context, phases)];
        var taken = new DeployLock(context);
        return [new UnderLock(taken, [first(taken), .. phases], isTakenByPhase: true)];
    }

    public override async Task RunAsync(Run run)
    {
        try
        {
            if (!_isTakenByPhase) await _lock.AcquireAsync(run, DeployLock.AutomaticMessage).ConfigureAwait(false);
            await using (new LockHeartbeat(run)) await run.RunAsync(Phases).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The work's own error is the one to show; a lock that stays behind is a warning besides.
            await _lock.ReleaseAsync(run, throwing: false).ConfigureAwait(false);
            throw;
        }

        await _lock.ReleaseAsync(run, throwing: true).ConfigureAwait(false);
    }

    public override async Task ShowAsync(Run run, PlanView view)
    {
        if (!_isTakenByPhase) _lock.ShowAcquire(run, view);
        await base.ShowAsync(run, view).ConfigureAwait(false);
        _lock.ShowRelease(run, view);
    }
}
