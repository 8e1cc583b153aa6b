using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>What is done with everything that the configuration describes: app, proxy and accessories.</summary>
public static class ServiceOperations
{
    private const string RemoveTitle = "Remove the proxy, accessories and logins";

    /// <summary>
    /// <c>kamal remove</c>: removes the app, the proxy unless other apps need it, the accessories with their data, and the registry's
    /// login.
    /// </summary>
    public static Operation<IReadOnlyList<KamalHostResult>> Remove() => Operation.Of<KamalHostResult>(context =>
    {
        var selection = context.Selection;
        var inUse = new Outcome<IReadOnlyList<string>>([]);
        var removeProxy = Steps.Audited(context, (audit, _) => new ProxySteps(context.Configuration, audit).Remove())
            .On(selection.ProxyHosts) with
        {
            When = new("no other app uses a proxy", run => run.Get(inUse).Count == 0),
        };
        return Plan.Of(UnderLock.Around(context,
            new HostPhase("Remove the app", selection.Hosts,
                Steps.Audited(context, (audit, host) => new AppSteps(context, audit).Remove(host)).On(selection.AppHosts),
                Steps.Of(_ => [ProxySteps.CountApps(context.Configuration)]).On(selection.ProxyHosts))
            {
                Learn = (run, results) => NoteUse(run, inUse, ProxySteps.InUse(results)),
            },
            new HostPhase(RemoveTitle, selection.Hosts, removeProxy, RemoveAccessories(context), LogOut(context.Configuration.Registry))
            {
                Read = (run, results) =>
                {
                    AccessorySteps.TellKeptImages(run, results);
                    HostResults.Produce(run, "Remove everything", results);
                },
            }));
    });

    /// <summary>
    /// <c>kamal upgrade</c>: from Kamal 1: replaces Traefik by the proxy and restarts accessories in the network of Kamal 2.
    /// </summary>
    /// <param name="rolling">One host after another, rather than all at once.</param>
    public static Operation<IReadOnlyList<KamalDeployResult>> Upgrade(bool rolling) =>
        Operation.Of<KamalDeployResult>(async (context, cancellationToken) =>
    {
        var versioned = await AccessoryOperations.VersionedAsync(context, cancellationToken).ConfigureAwait(false);
        var deployed = new Outcome<string>(context.Configuration.LatestTag);
        var groups =
            from hosts in HostSelection.Groups(context.Selection.Hosts, rolling)
            let part = context.WithHosts(hosts)
            // Everywhere at once Kamal looks after hosts of accessories too; one by one only after those of the app.
            let app = !rolling || !part.Selection.AppHosts.IsEmpty ? ProxyUpgrade.Phases(part, rolling: false, deployed) : []
            let accessories = part.Selection.AccessoryHosts.IsEmpty
                ? []
                : AccessoryOperations.UpgradePhases(versioned.WithHosts(hosts), [], rolling: false)
            select app.Concat(accessories);
        return Plan.Of(
        [
            DeployPhases.CheckCertificates(context),
            .. UnderLock.Around(context, [.. ProxyUpgrade.FindDeployed(context, deployed), .. groups.SelectMany(phases => phases)]),
        ]);
    });

    private static void NoteUse(Run run, Outcome<IReadOnlyList<string>> inUse, IReadOnlyList<string> hosts)
    {
        run.Set(inUse, hosts);
        if (hosts.Count == 0) return;
        run.Sink.Inform($"The proxy stays, as other apps are installed on {string.Join(", ", hosts)}; "
            + "Remove-KamalProxy -Force (kamal proxy remove --force) removes it all the same.");
    }

    private static Steps RemoveAccessories(KamalContext context) =>
        Steps.Audited(context, (audit, host) => context.Configuration.Accessories
        .Where(accessory => accessory.Hosts.Contains(host))
        .SelectMany(accessory => new AccessorySteps(context.Configuration, accessory, audit).Remove()));

    private static Steps LogOut(RegistryConfiguration registry) =>
        Steps.Of(_ => registry.IsLocal || registry.IsNone
            ? []
            : [new Step("Log out of the registry", RegistryCommands.Logout(registry).DiscardOutput())]);
}
