using System.Collections.Immutable;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>
/// Watches the new version on hosts that have switched. A host on which it is not well goes back at once, and counts as failed. Then the
/// old containers are stopped, unless the policy keeps them until the last group is done.
/// </summary>
internal sealed record WatchPhase(
    KamalContext Context, WatchSettings Watch, Outcome<BootReport?> Report, ImmutableArray<string> Hosts, bool KeepsOld)
    : Phase($"Watch the new version for {ShortTime.Text(Watch.Time)}")
{
    private LetGoOfOld LetGo => new(Context, Report, Hosts);

    public override async Task RunAsync(Run run)
    {
        var report = run.Get(Report)!;
        if (run.IsPreview) await run.TryAsync(Name, Hosts, Shown).ConfigureAwait(false);
        await Task.WhenAll(report.Unwatched.Where(role => Hosts.Contains(role.HostName)).GroupBy(role => role.HostName)
            .Select(roles => new HostWatch(run, Context, Watch, report, [.. roles]).RunAsync(Name))).ConfigureAwait(false);
        if (!KeepsOld) await LetGo.RunAsync(run).ConfigureAwait(false);
        if (!run.Participants.MayGoOn) throw report.Failure();
    }

    public override async Task ShowAsync(Run run, PlanView view)
    {
        run.ShowConnect(view);
        view.Add(Name, Hosts.Select(host => new ShownScript(host, new HostScript(Name, [.. Shown(host)]))));
        if (!KeepsOld) await LetGo.ShowAsync(run, view).ConfigureAwait(false);
    }

    private IEnumerable<Step> Shown(string host) =>
        HostWatch.Steps(Context.Selection.RolesOn(host).Select(role => (role, PlanView.Placeholder(BootScript.ShortId))), Watch.Time);
}

/// <summary>A role that runs its new version on a host, and is not accepted yet.</summary>
/// <param name="HostName">The host.</param>
/// <param name="Role">The role.</param>
/// <param name="NewContainer">The new container's ID.</param>
/// <param name="Duration">How long the boot took.</param>
internal sealed record WatchedRole(string HostName, RoleConfiguration Role, string NewContainer, TimeSpan Duration)
{
    /// <summary>The container that served before; null if none did.</summary>
    public string? OldContainer { get; init; }

    /// <summary>The version that ran before, if known.</summary>
    public string? OldVersion { get; init; }
}
