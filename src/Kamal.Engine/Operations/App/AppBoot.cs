using System.Collections.Immutable;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
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
            foreach (var result in _results.Concat(NotBegun())) run.Sink.Emit(new Events.ResultProduced(result) { HostName = result.HostName });
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
        var old = result.Captured(BootSteps.OldVersion);
        lock (_lock)
        {
            _results.Add(new(host, role.Name, _configuration.RequiredVersion, Outcome(result))
            {
                PreviousVersion = old.Length > 0 ? old : null,
                ContainerName = new AppCommands(_configuration, role).ContainerName(),
                ContainerId = result.Captured(BootSteps.NewContainer) is { Length: > 0 } id ? id : null,
                Duration = run.Context.Clock.GetElapsedTime(began),
                IsUncertain = result.Steps.Any(step => step.Status == StepStatus.Interrupted),
                Error = result.Failure?.Message,
            });
        }

        return result.Succeeded;
    }

    /// <summary>Leaves nothing half done on a host whose boot was stopped; bounded, since somebody waits for the prompt.</summary>
    private async Task CleanUpAsync(string host, RoleConfiguration role, ScriptResult stopped)
    {
        using var limit = new CancellationTokenSource(CleanUpLimit);
        var steps = new BootSteps(_configuration, role, await run.AuditAsync().ConfigureAwait(false)).AfterStop(stopped);
        try
        {
            await run.Context.Fleet.RunAsync("Clean up", [host], _ => new HostScript("Clean up", [.. steps]), limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            run.Sink.Emit(new Events.MessageEmitted(Events.MessageSeverity.Warning,
                $"{host} did not answer in time: a container of version {_configuration.RequiredVersion} may run there beside the old one. The next deploy stops it.") { HostName = host });
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
        var message = lost.Count == failed.Count
            ? $"Version {_configuration.RequiredVersion} did not boot everywhere."
            : $"Version {_configuration.RequiredVersion} did not boot on {Names(failed.Except(lost))}; what ran there before goes on.";
        if (lost.Count > 0) message += $" The connection to {Names(lost)} broke in the middle: what runs there now is not known.";
        if (booted.Count > 0) message += $" It runs on {Names(booted)}.";
        if (skipped.Count > 0) message += $" It was not begun on {Names(skipped)}.";
        var before = booted.Select(result => result.PreviousVersion).FirstOrDefault(version => version is not null);
        return new KamalException(KamalErrorId.OperationFailed, message)
        {
            HostName = failed[0].HostName,
            Role = failed[0].Role,
            Recommendation = booted.Count > 0 && before is not null
                ? $"The way back: Invoke-KamalRollback {before} (kamal rollback {before})."
                : lost.Count > 0
                ? "Look with Get-KamalContainer, and run the command again: it puts right what was left half done."
                : "The errors of the hosts say why; nothing else needs to be cleaned up.",
        };
    }
}
