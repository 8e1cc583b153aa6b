using System.Collections.Immutable;
using Kamal.Engine.Commands;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary><c>kamal proxy upgrade</c>: replaces Kamal 1's Traefik, or an old proxy, and boots the app behind the new one.</summary>
/// <param name="rolling">One host after another, rather than all at once.</param>
public sealed class ProxyUpgradeOperation(bool rolling) : IOperation<IReadOnlyList<KamalDeployResult>>
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<KamalDeployResult>> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
    {
        var run = await new OperationRun(context, sink, cancellationToken).CheckedAsync().ConfigureAwait(false);
        IReadOnlyList<KamalDeployResult> results = [];
        await new DeployLock(run).HoldAsync(async () => results = await RunAsync(run, await DeployedVersionAsync(run).ConfigureAwait(false)).ConfigureAwait(false)).ConfigureAwait(false);
        return results;
    }

    /// <summary>Upgrades, under a lock that is held already.</summary>
    /// <param name="run">The operation.</param>
    /// <param name="deployed">The version that hooks hear of.</param>
    internal async Task<IReadOnlyList<KamalDeployResult>> RunAsync(OperationRun run, string deployed)
    {
        List<KamalDeployResult> results = [];
        foreach (var hosts in HostGroups.Of(run.Selection.Hosts, rolling)) results.AddRange(await UpgradeAsync(run.WithHosts(hosts).WithGivenOrLatestVersion(), hosts, deployed).ConfigureAwait(false));
        return results;
    }

    /// <summary>
    /// The version that is deployed, for hooks: the one given, else the one that runs on the primary host, else the one that is checked
    /// out. Asked for before anything is booted anew from the image that is tagged as latest, and only where a hook would hear of it.
    /// </summary>
    internal static async Task<string> DeployedVersionAsync(OperationRun run)
    {
        if (run.Configuration.Version is { Length: > 0 } given) return given;
        var hooks = new HookRunner(run);
        if (!hooks.Has("pre-proxy-reboot") && !hooks.Has("post-proxy-reboot")) return run.Configuration.LatestTag;
        const string phase = "Find the running version";
        if (run.Selection is { PrimaryHost: { } host, PrimaryRole: { } role })
        {
            var step = new Step(phase, new AppCommands(run.Configuration, role).CurrentVersion()) { Effect = StepEffect.ReadOnly, IgnoreFailure = true, Role = role.Name };
            var results = await run.TryPhaseAsync(phase, [host], _ => [step]).ConfigureAwait(false);
            var running = results.Count > 0 ? results[0].Find(phase)?.Output ?? "" : "";
            if (running.Length > 0 && running != run.Configuration.LatestTag) return running;
        }

        return (await run.WithResolvedVersionAsync().ConfigureAwait(false)).Configuration.RequiredVersion;
    }

    private static async Task<IReadOnlyList<KamalDeployResult>> UpgradeAsync(OperationRun run, ImmutableArray<string> hosts, string deployed)
    {
        var list = string.Join(",", hosts);
        var hooks = new HookRunner(run.WithVersion(deployed));
        run.Sink.Inform($"Upgrading the proxy on {list}...");
        await run.ConnectAsync().ConfigureAwait(false);
        await hooks.RunAsync("pre-proxy-reboot", hosts).ConfigureAwait(false);
        var proxy = new ProxySteps(run, await run.AuditAsync().ConfigureAwait(false));
        var login = await new LoginSteps(run).OnHostsAsync(run.Configuration.Registry).ConfigureAwait(false);
        var boot = await new ProxyBootSteps(run).ForAsync().ConfigureAwait(false);
        IEnumerable<Step> Before(string host) => [.. proxy.ClearForUpgrade(login(host)), .. boot(host)];
        var results = await new DeployFlow(run).BootAfterAsync(Before).ConfigureAwait(false);
        await hooks.RunAsync("post-proxy-reboot", hosts).ConfigureAwait(false);
        run.Sink.Inform($"Upgraded the proxy on {list}");
        return results;
    }
}
