using System.Collections.Immutable;
using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>Roles that boot on a host.</summary>
internal sealed record RolesOnHost(string HostName, ImmutableArray<RoleConfiguration> Roles);

/// <summary>Boots roles on hosts, side by side. The roles of one host take turns, unless they boot in parallel.</summary>
internal sealed record BootRoles(string Name, KamalContext Context, Outcome<BootReport?> Report,
    ImmutableArray<RolesOnHost> Hosts) : Phase(Name)
{
    /// <summary>Whether it is the role that the others wait for.</summary>
    public bool IsPrimary { get; init; }

    public override async Task RunAsync(Run run)
    {
        var report = run.Get(Report)!;
        run.MayHaveReplaced |= !Hosts.IsEmpty;
        var work = Task.WhenAll(Hosts.Where(item => run.Participants.Include(item.HostName)).Select(item => OnHostAsync(run, item)));
        await ((Task)work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        run.ReportNoted();
        var results = await work.ConfigureAwait(false);
        var failed = results.SelectMany(failures => failures).ToList();
        run.Participants.Fail(Name, failed);
        if (failed.Count > 0) run.Summary = report.Failure;
        if (!run.Participants.MayGoOn || (IsPrimary && IsPrimaryRoleOut(run))) throw report.Failure();
        if (failed.Count > 0 && run.Participants.Policy.GoesBack)
        {
            var hosts = failed.Select(result => result.HostName).ToHashSet();
            await new BackToOld(run, report).GoAsync(hosts.Contains).ConfigureAwait(false);
        }
    }

    public override Task ShowAsync(Run run, PlanView view)
    {
        run.ShowConnect(view);
        view.Add(Name, Hosts.SelectMany(item => item.Roles.Select(role =>
            new ShownScript(item.HostName, run.Get(Report)!.Script(item.HostName, role, 0)))));
        return Task.CompletedTask;
    }

    /// <summary>Whether the primary role has no host left: then the other roles do not start.</summary>
    private bool IsPrimaryRoleOut(Run run) => !Hosts.IsEmpty && Context.Selection.PrimaryRole is { } primary
        && !Context.Selection.AppHosts.Where(primary.RunsOn).Any(run.Participants.Include);

    /// <summary>Boots the roles of a host, and returns what failed.</summary>
    private async Task<IReadOnlyList<ScriptResult>> OnHostAsync(Run run, RolesOnHost item)
    {
        if (Context.Configuration.Boot.ParallelRoles)
        {
            var results = await Task.WhenAll(item.Roles.Select((role, lane) =>
                OnHostAsync(run, item.HostName, role, lane))).ConfigureAwait(false);
            return [.. results.OfType<ScriptResult>().Where(result => !result.Succeeded)];
        }

        foreach (var role in item.Roles)
        {
            var result = await OnHostAsync(run, item.HostName, role, 0).ConfigureAwait(false);
            if (result is { Succeeded: false }) return [result];
        }

        return [];
    }

    private async Task<ScriptResult?> OnHostAsync(Run run, string host, RoleConfiguration role, int lane)
    {
        var report = run.Get(Report)!;
        var began = run.Context.Clock.GetTimestamp();
        ScriptResult? result;
        try
        {
            result = await run.ScriptAsync(
                host, report.Script(host, role, lane), done => BootExplanation.Explain(done, role, Context)).ConfigureAwait(false);
        }
        catch (ScriptStoppedException stopped)
        {
            await CleanUpAsync(run, host, role, stopped.Result).ConfigureAwait(false);
            throw;
        }

        if (result is null || !run.Participants.Include(host)) return null;
        report.Add(host, role, result, run.Context.Clock.GetElapsedTime(began));
        LetGoOfOld.Warn(run, result);
        return result;
    }

    /// <summary>
    /// Leaves nothing half done on a host whose boot was stopped, in bounded time: the operator is waiting for the prompt.
    /// </summary>
    private async Task CleanUpAsync(Run run, string host, RoleConfiguration role, ScriptResult stopped)
    {
        // Where the new version serves already, the old container gets its own time to stop.
        using var limit = new CancellationTokenSource(BootCleanUp.Limit + Context.Configuration.DrainTimeout);
        var steps = run.Get(Report)!.ScriptOf(host, role).AfterStop(stopped);
        try
        {
            var cleaned = await run.Context.Fleet.RunAsync("Clean up", [host], _ =>
                new HostScript("Clean up", [.. steps]), limit.Token).ConfigureAwait(false);
            run.Get(Report)!.AddStopped(role, stopped, cleaned[0]);
            run.Sink.Warn($"The boot of {role.Name} was stopped; {run.Get(Report)!.Describe(role, stopped, cleaned[0])}.", host);
        }
        catch (OperationCanceledException)
        {
            run.Sink.Warn(
                $"The host did not answer in time: a container of version {Context.Configuration.RequiredVersion} may run there "
                    + "beside the old one. The next deploy stops it.",
                host);
        }
    }
}
