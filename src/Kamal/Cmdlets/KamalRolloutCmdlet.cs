using System.Management.Automation;
using Kamal.Engine;
using Kamal.Engine.Configuration;
using Kamal.Engine.Operations;
using Kamal.Streams;

namespace Kamal.Cmdlets;

/// <summary>The base class of cmdlets that bring a version of the app to the hosts.</summary>
public abstract class KamalRolloutCmdlet : KamalTargetCmdlet
{
    /// <summary>
    /// What to do if hosts fail. Stop starts nothing more on any host. Continue leaves the hosts that failed on the old version and goes
    /// on with the others. Rollback switches all hosts back to the old version. The default is on_host_failure in deploy.yml, or Stop.
    /// </summary>
    [Parameter]
    public HostFailureAction? OnHostFailure { get; set; }

    /// <summary>
    /// The number of hosts that may fail, such as 2, or a percentage of the selected hosts, such as 20%. Up to that many are left on the
    /// old version and the others go on. The default is max_failure in deploy.yml, or 0, or all hosts with -OnHostFailure Continue.
    /// </summary>
    [Parameter]
    public string? MaxFailure { get; set; }

    /// <summary>
    /// How long to watch the new version after the switch and before the old container is stopped, such as 30s, 2m or a TimeSpan. If it
    /// restarts, runs out of memory or answers too many requests with server errors, the host is switched back and counts as failed. The
    /// default is watch in deploy.yml, or 0, which does not watch.
    /// </summary>
    [Parameter]
    [ShortTime]
    public TimeSpan? Watch { get; set; }

    /// <summary>
    /// The percentage of requests to the new version that may be answered with 5xx while it is watched, beyond the share of the old
    /// version. The default is max_error_rate in deploy.yml, or 1.
    /// </summary>
    [Parameter]
    [ValidateRange(0.0, 100.0)]
    public double? MaxErrorRate { get; set; }

    internal override RunOptions Options => base.Options with
    {
        OnHostFailure = OnHostFailure,
        Watch = Watch,
        MaxErrorRate = MaxErrorRate,
        MaxFailure = MaxFailure is { } text && FailureLimit.TryParse(text, out var limit) ? limit : null,
    };

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (MaxFailure is null || FailureLimit.TryParse(MaxFailure, out _)) return;
        ThrowTerminatingError(KamalErrors.ToRecord(
            new(
                KamalErrorId.ArgumentInvalid,
                $"The value '{MaxFailure}' of -MaxFailure (--max-failure) is not a number of hosts or a percentage.")
            {
                Recommendation = "Specify a number such as 2, or a percentage such as 20%.",
            },
            Guard));
    }
}
