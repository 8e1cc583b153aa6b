using Kamal.Engine.Commands;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary><c>kamal remove</c>: removes the app, the proxy unless other apps need it, the accessories with their data, and the registry's login.</summary>
public sealed class RemoveOperation : IOperation<IReadOnlyList<KamalHostResult>>
{
    private const string AppPhaseName = "Remove the app";
    private const string RestPhase = "Remove the proxy, accessories and logins";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<KamalHostResult>> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
    {
        var run = new OperationRun(context, sink, cancellationToken);
        IReadOnlyList<KamalHostResult> results = [];
        await new DeployLock(run).HoldAsync(async () => results = await RunAsync(run).ConfigureAwait(false)).ConfigureAwait(false);
        return results;
    }

    private static async Task<IReadOnlyList<KamalHostResult>> RunAsync(OperationRun run)
    {
        var audit = await run.AuditAsync().ConfigureAwait(false);
        var selection = run.Selection;
        var app = new AppSteps(run, audit);
        var removal = new ProxyRemoval(run, audit);
        var removed = await run.PhaseAsync(AppPhaseName, selection.Hosts, host =>
        [
            .. selection.AppHosts.Contains(host) ? app.Remove(host) : [],
            .. selection.ProxyHosts.Contains(host) ? removal.Count() : [],
        ]).ConfigureAwait(false);
        var inUse = ProxyRemoval.InUse(removed);
        if (inUse.Count > 0) run.Sink.Inform($"The proxy stays, as other apps are installed on {string.Join(", ", inUse)}; Remove-KamalProxy -Force (kamal proxy remove --force) removes it all the same.");

        IEnumerable<Step> Rest(string host) =>
        [
            .. inUse.Count == 0 && selection.ProxyHosts.Contains(host) ? removal.Steps() : [],
            .. AccessorySteps(run, audit, host),
            .. run.Configuration.Registry.IsLocal ? Array.Empty<Step>() : [new("Log out of the registry", RegistryCommands.Logout(run.Configuration.Registry).DiscardOutput())],
        ];

        var rest = await run.TryPhaseAsync(RestPhase, selection.Hosts, Rest).ConfigureAwait(false);
        Operations.AccessorySteps.TellKeptImages(run, rest);
        return run.Conclude(RestPhase, rest, rest.Select(result => HostResults.Of(result, "Remove everything")));
    }

    private static IEnumerable<Step> AccessorySteps(OperationRun run, AuditCommands audit, string host) =>
        run.Configuration.Accessories.Where(accessory => accessory.Hosts.Contains(host)).SelectMany(accessory => new AccessorySteps(run, accessory, audit).Remove());
}
