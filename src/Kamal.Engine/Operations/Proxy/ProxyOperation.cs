using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary><c>kamal proxy boot, start, stop, restart, …</c>: does one thing with the proxies, under the deploy lock.</summary>
/// <param name="action">What.</param>
public sealed class ProxyOperation(ProxyAction action) : IOperation<IReadOnlyList<KamalHostResult>>
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<KamalHostResult>> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
    {
        var run = new OperationRun(context, sink, cancellationToken);
        IReadOnlyList<KamalHostResult> results = [];
        await new DeployLock(run).HoldAsync(async () => results = await RunAsync(run).ConfigureAwait(false)).ConfigureAwait(false);
        return results;
    }

    private async Task<IReadOnlyList<KamalHostResult>> RunAsync(OperationRun run)
    {
        var phase = Name();
        var hosts = action == ProxyAction.Boot ? run.Selection.Hosts : run.Selection.ProxyHosts;
        var stepsFor = action == ProxyAction.Boot ? await new ProxyBootSteps(run).ForAsync().ConfigureAwait(false) : await StepsAsync(run).ConfigureAwait(false);
        var results = await run.TryPhaseAsync(phase, hosts, stepsFor).ConfigureAwait(false);
        if (action == ProxyAction.Restart) ProxySteps.TellOutage(run, results);
        return run.Conclude(phase, results, results.Where(result => !result.Succeeded || run.Selection.ProxyHosts.Contains(result.HostName)).Select(result => HostResults.Of(result, phase)));
    }

    private async Task<Func<string, IEnumerable<Step>>> StepsAsync(OperationRun run)
    {
        var proxy = new ProxySteps(run, await run.AuditAsync().ConfigureAwait(false));
        return _ => action switch
        {
            ProxyAction.Start => proxy.Start(),
            ProxyAction.Stop => proxy.Stop(),
            ProxyAction.Restart => [.. proxy.Stop(), .. proxy.Start()],
            ProxyAction.RemoveContainer => proxy.RemoveContainer(),
            ProxyAction.RemoveImage => proxy.RemoveImage(),
            ProxyAction.RemoveDirectory => proxy.RemoveDirectory(),
            _ => throw new InvalidOperationException($"{action} has steps of its own."),
        };
    }

    private string Name() => action switch
    {
        ProxyAction.RemoveContainer => "Remove the proxy's container",
        ProxyAction.RemoveImage => "Remove the proxy's image",
        ProxyAction.RemoveDirectory => "Remove the proxy's directory",
        _ => $"{action} the proxy",
    };
}
