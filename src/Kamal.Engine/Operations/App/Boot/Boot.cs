using System.Collections.Immutable;
using System.Globalization;
using Kamal.Engine.Configuration;

namespace Kamal.Engine.Operations;

/// <summary>
/// Starts a version on all selected hosts and stops the old one: group by group as <c>boot.limit</c> says, and in each group the primary
/// role first. Each role and host has one result in the end, also if the boot fails.
/// </summary>
/// <remarks>
/// If the policy may have hosts go back, the old containers behind the proxy run on until all groups are done. Then they are stopped, or
/// they take over again. If the new version is watched, they run on at least as long as that.
/// </remarks>
internal sealed record Boot : Bracket
{
    private readonly KamalContext _context;
    private readonly FleetPolicy _policy;
    private readonly Outcome<BootReport?> _report;
    private readonly ImmutableArray<Phase> _groups;
    private readonly ImmutableArray<Phase> _end;

    private Boot(
        KamalContext context, FleetPolicy policy, Outcome<BootReport?> report, ImmutableArray<Phase> groups, ImmutableArray<Phase> end)
        : base("Boot", [.. groups, .. end])
    {
        _context = context;
        _policy = policy;
        _report = report;
        _groups = groups;
        _end = end;
    }

    /// <summary>Boots the context's version.</summary>
    /// <param name="context">The context.</param>
    /// <param name="policy">What happens when hosts fail; the one of a rollout, if null.</param>
    public static Boot Of(KamalContext context, FleetPolicy? policy = null)
    {
        policy ??= FleetPolicy.OfRollout(context);
        var report = new Outcome<BootReport?>(null);
        return new(context, policy, report, [.. Groups(context).SelectMany(hosts => Group(context, policy, report, hosts))],
            policy.GoesBack ? [new LetGoOfOld(context, report, context.Selection.AppHosts)] : []);
    }

    public override async Task RunAsync(Run run)
    {
        var report = await BeginAsync(run).ConfigureAwait(false);
        if (run.Participants.Failed.Count > 0) run.Summary = report.Failure;
        try
        {
            await RunGroupsAsync(run, report).ConfigureAwait(false);
            await run.RunAsync(_end).ConfigureAwait(false);
        }
        catch (KamalException failed) when (failed.Id == KamalErrorId.HookFailed && report.HasBegun)
        {
            throw report.OfHook(failed);
        }
        finally
        {
            foreach (var result in report.Results) run.Produce(result, result.HostName);
        }
    }

    public override async Task ShowAsync(Run run, PlanView view)
    {
        await BeginAsync(run).ConfigureAwait(false);
        await base.ShowAsync(run, view).ConfigureAwait(false);
    }

    private async Task RunGroupsAsync(Run run, BootReport report)
    {
        try
        {
            await run.RunAsync(_groups).ConfigureAwait(false);
        }
        catch (Exception error) when (_policy.KeepsOld && report.HasSwitched)
        {
            // Hosts that keep the new version although others failed are watched all the same.
            if (!_policy.GoesBack && error is KamalException)
            {
                await new WatchPhase(_context, _policy.Watch!, _report, _context.Selection.AppHosts, KeepsOld: false).RunAsync(run)
                    .ConfigureAwait(false);
            }
            else await new BackToOld(run, report).GoAsync().ConfigureAwait(false);

            // What it said of the hosts is true no more.
            if (error is KamalException { Id: KamalErrorId.OperationFailed }) throw report.Failure();
            throw;
        }
    }

    /// <summary>The primary role first: other roles wait until it is healthy, and do not start if it is not.</summary>
    private static IEnumerable<Phase> Group(
        KamalContext context, FleetPolicy policy, Outcome<BootReport?> report, ImmutableArray<string> hosts)
    {
        var primary = context.Selection.PrimaryRole;
        yield return new HookPhase("pre-app-boot", context, hosts);
        yield return new BootRoles("Boot the primary role", context, report, Roles(context, hosts, role => role == primary))
        {
            IsPrimary = true,
        };
        yield return new BootRoles("Boot the other roles", context, report, Roles(context, hosts, role => role != primary));
        if (policy.Watch is { } watch) yield return new WatchPhase(context, watch, report, hosts, policy.GoesBack);
        yield return new HookPhase("post-app-boot", context, hosts);
        if (context.Configuration.Boot.Wait is var wait && wait > TimeSpan.Zero)
        {
            yield return new LocalPhase(string.Create(CultureInfo.InvariantCulture, $"Wait {wait.TotalSeconds:0.#} s"),
                run => run.IsPreview ? Task.CompletedTask : Task.Delay(wait, run.Context.Clock, run.Cancellation));
        }
    }

    private static IEnumerable<ImmutableArray<string>> Groups(KamalContext context)
    {
        var hosts = context.Selection.AppHosts;
        var size = context.Configuration.Boot.Limit is { } limit ? Math.Max(1, limit) : Math.Max(1, hosts.Length);
        return hosts.Chunk(size).Select(chunk => chunk.ToImmutableArray());
    }

    private static ImmutableArray<RolesOnHost> Roles(
        KamalContext context, ImmutableArray<string> hosts, Func<RoleConfiguration, bool> which) =>
        [.. hosts.Select(host => new RolesOnHost(host, [.. context.Selection.RolesOn(host).Where(which)]))
            .Where(item => !item.Roles.IsEmpty)];

    /// <summary>Takes the secrets of all hosts, so that one that is missing is found before anything is replaced.</summary>
    private async Task<BootReport> BeginAsync(Run run)
    {
        var certificates = new OwnCertificates(run, _context);
        var scripts = ImmutableDictionary.CreateBuilder<(string HostName, string Role), BootScript>();
        var audit = await run.AuditAsync(_context).ConfigureAwait(false);
        var begin = await RunHistory.Begin(_context).TakeAsync(run).ConfigureAwait(false);
        HashSet<string> begun = [];
        foreach (var role in _context.Selection.Roles.OrderByDescending(role => role == _context.Selection.PrimaryRole))
        {
            var certificate = await certificates.FindAsync(role).ConfigureAwait(false);
            foreach (var host in role.HostNames.Where(_context.Selection.AppHosts.Contains))
            {
                var envFile = await EnvFileInput.ReadAsync(run, _context.Configuration.EnvFor(role, host)).ConfigureAwait(false);
                scripts.Add((host, role.Name), new(
                    _context.Configuration, role, audit, run.History.Commands(_context), certificate, envFile, run.Context.UniqueHex)
                {
                    Before = begun.Add(host) ? [.. begin(host)] : [],
                    KeepsOld = _policy.KeepsOld,
                });
            }
        }

        var report = new BootReport(run, _context, scripts.ToImmutable());
        run.Set(_report, report);
        return report;
    }
}
