using Kamal.Engine.Events;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary><c>kamal proxy reboot</c>: replaces the proxies' containers, between the hooks for it. Requests fail meanwhile.</summary>
/// <param name="rolling">One host after another, rather than all at once.</param>
public sealed class ProxyRebootOperation(bool rolling) : IOperation<IReadOnlyList<KamalHostResult>>
{
    private const string Phase = "Reboot the proxy";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<KamalHostResult>> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
    {
        var run = new OperationRun(context, sink, cancellationToken);
        List<KamalHostResult> results = [];
        await new DeployLock(run).HoldAsync(async () =>
        {
            var proxy = new ProxySteps(run, await run.AuditAsync().ConfigureAwait(false));
            var login = await new LoginSteps(run).OnHostsAsync(context.Configuration.Registry).ConfigureAwait(false);
            var hooks = new HookRunner(run);
            foreach (var hosts in HostGroups.Of(context.Selection.ProxyHosts, rolling))
            {
                await run.ConnectAsync().ConfigureAwait(false);
                await hooks.RunAsync("pre-proxy-reboot", hosts).ConfigureAwait(false);
                var done = await new GuardedPhase(run, Phase).TryAsync(hosts, host => proxy.Reboot(host, login(host)), proxy.AfterStop).ConfigureAwait(false);
                ProxySteps.TellOutage(run, done);
                results.AddRange(run.Conclude(Phase, done, done.Select(result => HostResults.Of(result, Phase))));
                await hooks.RunAsync("post-proxy-reboot", hosts).ConfigureAwait(false);
            }
        }).ConfigureAwait(false);
        return results;
    }
}
