using Kamal.Engine.Configuration;

namespace Kamal.Engine.Operations;

/// <summary>What happens to the other hosts when some fail.</summary>
/// <param name="OnHostFailure">What is done if more hosts fail than may.</param>
/// <param name="MaxFailures">How many may: they are left alone, and the others go on.</param>
/// <param name="SkipsUnreachable">Whether hosts that cannot be reached are left out and do not count.</param>
internal sealed record FleetPolicy(HostFailureAction OnHostFailure, int MaxFailures, bool SkipsUnreachable)
{
    /// <summary>Whether the hosts that have switched go back if the others do not follow.</summary>
    public bool GoesBack => OnHostFailure == HostFailureAction.Rollback;

    /// <summary>How the new version is watched after the switch; not at all, if null.</summary>
    public WatchSettings? Watch { get; init; }

    /// <summary>Whether old containers run on after the switch.</summary>
    public bool KeepsOld => GoesBack || Watch is not null;

    /// <summary>The policy of operations that bring a version to the hosts.</summary>
    public static FleetPolicy OfRollout(KamalContext context)
    {
        var (given, configured) = (context.Options, context.Configuration.Rollout);
        var action = given.OnHostFailure ?? configured.OnHostFailure;
        var limit = given.MaxFailure ?? configured.MaxFailure;
        return OfAnyOperation(context) with
        {
            OnHostFailure = action,
            Watch = (given.Watch ?? configured.Watch) is { } time && time > TimeSpan.Zero
                ? new(time, given.MaxErrorRate ?? configured.MaxErrorRate)
                : null,
            MaxFailures = limit?.Of(context.Selection.Hosts.Length) ?? (action == HostFailureAction.Continue ? int.MaxValue : 0),
        };
    }

    /// <summary>The policy of all other operations: hosts that cannot be reached may be left out, others may not fail.</summary>
    public static FleetPolicy OfAnyOperation(KamalContext context) =>
        new(HostFailureAction.Stop, 0, context.Options.SkipUnreachable ?? context.Configuration.Rollout.SkipUnreachable);
}

/// <summary>How a new version is watched after the switch.</summary>
/// <param name="Time">For how long.</param>
/// <param name="MaxErrorRate">How many percent of its requests may get a server error, beyond the share of the old version.</param>
internal sealed record WatchSettings(TimeSpan Time, double MaxErrorRate);
