using System.Collections.Immutable;
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
        await new DeployLock(run).HoldAsync(async () => results = await RunAsync(run).ConfigureAwait(false)).ConfigureAwait(false);
        return results;
    }

    /// <summary>Upgrades, under a lock that is held already.</summary>
    internal async Task<IReadOnlyList<KamalDeployResult>> RunAsync(OperationRun run)
    {
        List<KamalDeployResult> results = [];
        foreach (var hosts in HostGroups.Of(run.Selection.Hosts, rolling)) results.AddRange(await UpgradeAsync(run.WithHosts(hosts).WithGivenOrLatestVersion(), hosts).ConfigureAwait(false));
        return results;
    }

    private static async Task<IReadOnlyList<KamalDeployResult>> UpgradeAsync(OperationRun run, ImmutableArray<string> hosts)
    {
        var list = string.Join(",", hosts);
        var hooks = new HookRunner(run);
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
