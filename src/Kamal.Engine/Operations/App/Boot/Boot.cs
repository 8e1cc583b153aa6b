using System.Collections.Immutable;
using System.Globalization;
using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>
/// Starts a version on all selected hosts and stops the old one: group by group as <c>boot.limit</c> says, and in each group the primary
/// role first. Each role and host has one result in the end, also if the boot fails.
/// </summary>
internal sealed record Boot : Bracket
{
    private readonly KamalContext _context;
    private readonly Outcome<BootReport?> _report;

    private Boot(KamalContext context, Outcome<BootReport?> report, ImmutableArray<Phase> groups)
        : base("Boot", groups)
    {
        _context = context;
        _report = report;
    }

    /// <summary>Boots the context's version.</summary>
    public static Boot Of(KamalContext context)
    {
        var report = new Outcome<BootReport?>(null);
        return new(context, report, [.. Groups(context).SelectMany(hosts => Group(context, report, hosts))]);
    }

    public override async Task RunAsync(Run run)
    {
        var report = await BeginAsync(run).ConfigureAwait(false);
        try
        {
            await run.RunAsync(Phases).ConfigureAwait(false);
        }
        catch (KamalException failed) when (failed.Id == KamalErrorId.HookFailed && report.HasBooted)
        {
            throw report.OfHook(failed);
        }
        finally
        {
            foreach (var result in report.Results.Concat(report.NotBegun())) run.Produce(result, result.HostName);
        }
    }

    public override async Task ShowAsync(Run run, PlanView view)
    {
        await BeginAsync(run).ConfigureAwait(false);
        await base.ShowAsync(run, view).ConfigureAwait(false);
    }

    /// <summary>The primary role first: other roles wait until it is healthy, and do not start if it is not.</summary>
    private static IEnumerable<Phase> Group(KamalContext context, Outcome<BootReport?> report, ImmutableArray<string> hosts)
    {
        var primary = context.Selection.PrimaryRole;
        yield return new HookPhase("pre-app-boot", context, hosts);
        yield return new BootRoles("Boot the primary role", context, report, Roles(context, hosts, role => role == primary));
        yield return new BootRoles("Boot the other roles", context, report, Roles(context, hosts, role => role != primary));
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

    private static ImmutableArray<HostRoles> Roles(
        KamalContext context, ImmutableArray<string> hosts, Func<RoleConfiguration, bool> which) =>
        [.. hosts.Select(host => new HostRoles(host, [.. context.Selection.RolesOn(host).Where(which)]))
            .Where(item => !item.Roles.IsEmpty)];

    /// <summary>Takes the secrets of all hosts, so that one that is missing is found before anything is replaced.</summary>
    private async Task<BootReport> BeginAsync(Run run)
    {
        var certificates = new OwnCertificates(run, _context);
        var scripts = ImmutableDictionary.CreateBuilder<(string HostName, string Role), BootScript>();
        var audit = await run.AuditAsync(_context).ConfigureAwait(false);
        foreach (var role in _context.Selection.Roles)
        {
            var certificate = await certificates.FindAsync(role).ConfigureAwait(false);
            foreach (var host in role.HostNames.Where(_context.Selection.AppHosts.Contains))
            {
                var envFile = await EnvFileInput.ReadAsync(run, _context.Configuration.EnvFor(role, host)).ConfigureAwait(false);
                scripts.Add((host, role.Name), new(_context.Configuration, role, audit, certificate, envFile));
            }
        }

        var report = new BootReport(_context, scripts.ToImmutable(), run.IsPreview);
        run.Set(_report, report);
        return report;
    }

    private sealed record HostRoles(string HostName, ImmutableArray<RoleConfiguration> Roles);

    /// <summary>Boots roles on hosts, side by side. The roles of one host take turns, unless they boot in parallel.</summary>
    private sealed record BootRoles(string Name, KamalContext Context, Outcome<BootReport?> Report,
        ImmutableArray<HostRoles> Hosts) : Phase(Name)
    {
        public override async Task RunAsync(Run run)
        {
            var healthy = await Task.WhenAll(Hosts.Select(item => OnHostAsync(run, item))).ConfigureAwait(false);
            if (healthy.Any(fine => !fine)) throw run.Get(Report)!.Failure();
        }

        public override Task ShowAsync(Run run, PlanView view)
        {
            run.ShowConnect(view);
            view.Add(Name, Hosts.SelectMany(item => item.Roles.Select(role =>
                new ShownScript(item.HostName, run.Get(Report)!.Script(item.HostName, role, 0)))));
            return Task.CompletedTask;
        }

        private async Task<bool> OnHostAsync(Run run, HostRoles item)
        {
            if (Context.Configuration.Boot.ParallelRoles)
            {
                return (await Task.WhenAll(item.Roles.Select((role, lane) =>
                    OnHostAsync(run, item.HostName, role, lane))).ConfigureAwait(false)).All(fine => fine);
            }

            foreach (var role in item.Roles)
            {
                if (!await OnHostAsync(run, item.HostName, role, 0).ConfigureAwait(false)) return false;
            }

            return true;
        }

        private async Task<bool> OnHostAsync(Run run, string host, RoleConfiguration role, int lane)
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

            if (result is null) return true;
            report.Add(host, role, result, run.Context.Clock.GetElapsedTime(began));
            if (result.Find(BootScript.StopOld) is { Status: StepStatus.Failed } still)
            {
                run.Sink.Warn(
                    ("The container that ran before could not be stopped and may still run beside the new one; the next deploy stops it. "
                        + still.ErrorOutput).TrimEnd(),
                    host);
            }

            return result.Succeeded;
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
}
