using System.Collections.Concurrent;
using System.Collections.Immutable;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>Starts a version on all selected hosts, group by group, the primary role first, and lets go of the old one.</summary>
/// <param name="run">The operation, its version being the one to start.</param>
internal sealed class AppBoot(OperationRun run)
{
    /// <summary>How long cleaning up after a stop may take on a host.</summary>
    private static readonly TimeSpan CleanUpLimit = TimeSpan.FromSeconds(20);

    private readonly KamalConfiguration _configuration = run.Configuration;
    private readonly List<KamalDeployResult> _results = [];
    private readonly ConcurrentDictionary<(string HostName, string Role), string> _states = [];
    private readonly Lock _lock = new();
    private readonly Dictionary<string, CertificateSteps> _certificates = [];

    /// <summary>Everything before the switch, on all hosts, as steps of one script: assets, certificates, error pages.</summary>
    public async Task<Func<string, IEnumerable<Step>>> PrepareAsync()
    {
        var errorPages = ErrorPageSteps.Read(_configuration);
        var certificates = new OwnCertificates(run);
        foreach (var role in run.Selection.Roles)
        {
            if (await certificates.FindAsync(role).ConfigureAwait(false) is { } steps) _certificates[role.Name] = steps;
        }

        return host => !run.Selection.AppHosts.Contains(host) ? [] :
        [
            .. errorPages,
            .. run.Selection.RolesOn(host).SelectMany(role => AssetSteps.For(_configuration, role).Concat((_certificates.GetValueOrDefault(role.Name)?.Write() ?? []).Select(step => step with { Role = role.Name }))),
        ];
    }

    /// <summary>Boots; every role and host that was to boot has one result in the end, also when the boot fails.</summary>
    public async Task<IReadOnlyList<KamalDeployResult>> RunAsync()
    {
        var hooks = new HookRunner(run);
        var groups = Groups();
        var envFiles = await EnvFilesAsync().ConfigureAwait(false);
        var audit = await run.AuditAsync().ConfigureAwait(false);
        try
        {
            for (var i = 0; i < groups.Count; i++)
            {
                await HookAsync(hooks, "pre-app-boot", groups[i]).ConfigureAwait(false);
                await BootGroupAsync(groups[i], audit, envFiles).ConfigureAwait(false);
                await HookAsync(hooks, "post-app-boot", groups[i]).ConfigureAwait(false);
                if (_configuration.Boot.Wait > TimeSpan.Zero && !run.IsPreview)
                {
                    await Task.Delay(_configuration.Boot.Wait, run.Context.Clock, run.Cancellation).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            foreach (var result in _results.Concat(NotBegun())) run.Sink.Emit(new ResultProduced(result) { HostName = result.HostName });
        }

        return _results;
    }

    /// <summary>Marks the version as the latest on each host, once it runs everywhere.</summary>
    public async Task<Func<string, IEnumerable<Step>>> TagAsync()
    {
        var audit = await run.AuditAsync().ConfigureAwait(false);
        var images = new ImageCommands(_configuration);
        return host => run.Selection.AppHosts.Contains(host)
            ? [new("Record the tag", audit.Record($"Tagging {_configuration.AbsoluteImage} as the latest image")), new("Tag the image as latest", images.TagLatest())]
            : [];
    }

    private Task HookAsync(HookRunner hooks, string name, ImmutableArray<string> hosts) =>
        BootHookFailure.ExplainAsync(() => hooks.RunAsync(name, hosts), _configuration, () => _results, NotBegun);

    private List<ImmutableArray<string>> Groups()
    {
        var hosts = run.Selection.AppHosts;
        return hosts.IsEmpty ? [] : [.. hosts.Chunk(_configuration.Boot.Limit is { } limit ? Math.Max(1, limit) : hosts.Length).Select(chunk => chunk.ToImmutableArray())];
    }

    private async Task<Dictionary<(string Role, string Host), StepInput>> EnvFilesAsync()
    {
        var files = new Dictionary<(string, string), StepInput>();
        foreach (var role in run.Selection.Roles)
        {
            foreach (var host in role.HostNames.Where(run.Selection.AppHosts.Contains))
            {
                files[(role.Name, host)] = await EnvFileInput.ReadAsync(run, _configuration.EnvFor(role, host)).ConfigureAwait(false);
            }
        }

        return files;
    }

    /// <summary>The primary role first: other roles wait until it is healthy, and do not start if it is not.</summary>
    private async Task BootGroupAsync(ImmutableArray<string> hosts, AuditCommands audit, Dictionary<(string Role, string Host), StepInput> envFiles)
    {
        Task<bool> BootAsync(string host, RoleConfiguration role, int lane) =>
            BootRoleAsync(host, role, new HostScript($"Boot {role.Name}", [.. new BootSteps(_configuration, role, audit) { Certificate = _certificates.GetValueOrDefault(role.Name) }.For(host, envFiles[(role.Name, host)])]) { Lane = lane });

        var primary = run.Selection.PrimaryRole;
        var primaryHosts = hosts.Where(host => primary is not null && run.Selection.RolesOn(host).Contains(primary)).ToList();
        var healthy = await Task.WhenAll(primaryHosts.Select(host => BootAsync(host, primary!, 0))).ConfigureAwait(false);
        var failures = healthy.Any(fine => !fine);
        if (!failures)
        {
            var others = await Task.WhenAll(hosts.Select(host => BootOthersAsync(host, BootAsync))).ConfigureAwait(false);
            failures = others.Any(fine => !fine);
        }

        if (failures) throw Failure();
    }

    private async Task<bool> BootOthersAsync(string host, Func<string, RoleConfiguration, int, Task<bool>> bootAsync)
    {
        var roles = run.Selection.RolesOn(host).Where(role => role != run.Selection.PrimaryRole).ToList();
        if (_configuration.Boot.ParallelRoles)
        {
            return (await Task.WhenAll(roles.Select((role, i) => bootAsync(host, role, i))).ConfigureAwait(false)).All(fine => fine);
        }

        foreach (var role in roles)
        {
            if (!await bootAsync(host, role, 0).ConfigureAwait(false)) return false;
        }

        return true;
    }

    private async Task<bool> BootRoleAsync(string host, RoleConfiguration role, HostScript script)
    {
        var began = run.Context.Clock.GetTimestamp();
        ScriptResult? result;
        try
        {
            result = await run.ScriptAsync(host, script).ConfigureAwait(false);
        }
        catch (ScriptStoppedException stopped)
        {
            await CleanUpAsync(host, role, stopped.Result).ConfigureAwait(false);
            throw;
        }

        if (result is null) return true;
        var booted = Result(host, role, result) with { Duration = run.Context.Clock.GetElapsedTime(began) };
        lock (_lock) _results.Add(booted);
        if (result.Find(BootSteps.StopOld) is { Status: StepStatus.Failed } still)
        {
            run.Sink.Warn($"The container that ran before could not be stopped and may still run beside the new one; the next deploy stops it. {still.ErrorOutput}".TrimEnd(), host);
        }

        return result.Succeeded;
    }

    private KamalDeployResult Result(string host, RoleConfiguration role, ScriptResult result)
    {
        var app = new AppCommands(_configuration, role);
        var state = RoleState.Read(result, app, role);
        var old = result.Captured(BootSteps.OldVersion);
        var made = result.Captured(BootSteps.NewContainer);
        if (!result.Succeeded) _states[(host, role.Name)] = state.Describe(made, RanBefore(result));
        return new(host, role.Name, _configuration.RequiredVersion, Outcome(result))
        {
            PreviousVersion = old.Length > 0 ? old : null,
            RunningVersion = result.Succeeded && !run.IsPreview ? _configuration.RequiredVersion : state.VersionOf(app),
            ContainerName = app.ContainerName(),
            ContainerId = made.Length > 0 ? made[..Math.Min(BootSteps.ShortId, made.Length)] : null,
            IsUncertain = !result.Succeeded && !state.IsKnown,
            Error = result.Failure?.Message,
        };
    }

    /// <summary>Whether anything of the role ran before the boot; taken for granted where the boot did not come to look.</summary>
    private static bool RanBefore(ScriptResult result) =>
        result.Find(BootSteps.FindRunning) is not { Status: StepStatus.Succeeded } || result.Captured(BootSteps.OldContainers).Length > 0;

    /// <summary>Leaves nothing half done on a host whose boot was stopped; bounded, since somebody waits for the prompt.</summary>
    private async Task CleanUpAsync(string host, RoleConfiguration role, ScriptResult stopped)
    {
        // Where the new version serves already, the old container gets its own time to stop.
        using var limit = new CancellationTokenSource(CleanUpLimit + _configuration.DrainTimeout);
        var app = new AppCommands(_configuration, role);
        var steps = new BootSteps(_configuration, role, await run.AuditAsync().ConfigureAwait(false)).AfterStop(stopped);
        try
        {
            var cleaned = await run.Context.Fleet.RunAsync("Clean up", [host], _ => new HostScript("Clean up", [.. steps]), limit.Token).ConfigureAwait(false);
            var made = cleaned[0].Captured(BootSteps.NewContainer) is { Length: > 0 } found ? found : stopped.Captured(BootSteps.NewContainer);
            run.Sink.Warn($"The boot of {role.Name} was stopped; {RoleState.Read(cleaned[0], app, role).Describe(made, RanBefore(stopped))}.", host);
        }
        catch (OperationCanceledException)
        {
            run.Sink.Warn($"The host did not answer in time: a container of version {_configuration.RequiredVersion} may run there beside the old one. The next deploy stops it.", host);
        }
    }

    private HostOutcome Outcome(ScriptResult result) =>
        run.IsPreview ? HostOutcome.Previewed : result.Succeeded ? HostOutcome.Succeeded : HostOutcome.Failed;

    private IEnumerable<KamalDeployResult> NotBegun() =>
        from host in run.Selection.AppHosts
        from role in run.Selection.RolesOn(host)
        where !_results.Any(result => result.HostName == host && result.Role == role.Name)
        select new KamalDeployResult(host, role.Name, _configuration.RequiredVersion, HostOutcome.Skipped);

    private KamalException Failure()
    {
        var failed = _results.Where(result => result.Outcome == HostOutcome.Failed).ToList();
        var booted = _results.Where(result => result.Outcome == HostOutcome.Succeeded).ToList();
        var skipped = NotBegun().ToList();
        string Names(IEnumerable<KamalDeployResult> results) => string.Join(", ", results.Select(result => $"{result.HostName} ({result.Role})"));
        var lost = failed.Where(result => result.IsUncertain).ToList();
        var message = $"Version {_configuration.RequiredVersion} did not boot everywhere.";
        foreach (var same in failed.GroupBy(result => _states[(result.HostName, result.Role)])) message += $" On {Names(same)} it failed; {same.Key}.";
        if (booted.Count > 0) message += $" It runs on {Names(booted)}.";
        if (skipped.Count > 0) message += $" It was not begun on {Names(skipped)}.";
        return new KamalException(KamalErrorId.OperationFailed, message)
        {
            HostName = failed[0].HostName,
            Role = failed[0].Role,
            Recommendation = booted.Count > 0
                ? WayBack(booted)
                : lost.Count > 0
                ? "Look with Get-KamalContainer (kamal app containers), and run the command again: it puts right what was left half done."
                : "The errors of the hosts say why; nothing else needs to be cleaned up.",
        };
    }

    /// <summary>How to have the same on all hosts again.</summary>
    private string WayBack(List<KamalDeployResult> booted)
    {
        var before = booted.Select(result => result.PreviousVersion).FirstOrDefault(version => version is not null);
        if (before is null) return "The errors of the hosts say why; then run the command again.";
        return before == _configuration.RequiredVersion
            ? $"The way back: {before} ran before, with another configuration; restore that configuration and deploy it (Invoke-KamalDeploy -SkipPush -Version {before}, or kamal deploy --skip-push --version {before})."
            : $"The way back: Invoke-KamalRollback {before} (kamal rollback {before}).";
    }
}
