using System.Collections.Immutable;
using Kamal.Engine.Commands;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>The phases of an upgrade of the proxy, under a lock that is held already.</summary>
internal static class ProxyUpgrade
{
    private const string FindTitle = "Find the running version";

    /// <summary>
    /// Finds the version that is deployed, for hooks: the one given, else the one that runs on the primary host, else the one that is
    /// checked out. It is looked for before anything is booted from the image that is tagged as latest, and only if a hook would be
    /// told.
    /// </summary>
    public static IEnumerable<Phase> FindDeployed(KamalContext context, Outcome<string> deployed)
    {
        if (context.Configuration.Version is { Length: > 0 } given)
        {
            yield return new LocalPhase(null, run =>
            {
                run.Set(deployed, given);
                return Task.CompletedTask;
            });
            yield break;
        }

        if (!HookRunner.Has(context, "pre-proxy-reboot") && !HookRunner.Has(context, "post-proxy-reboot")) yield break;
        var running = new Outcome<string>("");
        if (context.Selection is { PrimaryHost: { } host, PrimaryRole: { } role })
        {
            var step = new Step(FindTitle, new AppCommands(context.Configuration, role).CurrentVersion())
            {
                Effect = StepEffect.ReadOnly, IgnoreFailure = true, Role = role.Name,
            };
            yield return new HostPhase(FindTitle, [host], Steps.Of(_ => [step]))
            {
                GoesOnAfterFailure = true,
                Learn = (run, results) => run.Set(running, results.Count > 0 ? results[0].Find(FindTitle)?.Output ?? "" : ""),
            };
        }

        yield return new LocalPhase(null, async run =>
            run.Set(deployed, run.Get(running) is { Length: > 0 } version && version != context.Configuration.LatestTag
            ? version
            : (await context.VersionedAsync(run.Cancellation).ConfigureAwait(false)).Configuration.RequiredVersion));
    }

    /// <summary>Replaces the proxy and boots the app behind it.</summary>
    public static IEnumerable<Phase> Phases(KamalContext context, bool rolling, Outcome<string> deployed) =>
        HostSelection.Groups(context.Selection.Hosts, rolling)
            .SelectMany(hosts => OnHosts(context.WithHosts(hosts).WithGivenOrLatestVersion(), hosts, deployed));

    private static IEnumerable<Phase> OnHosts(KamalContext app, ImmutableArray<string> hosts, Outcome<string> deployed) =>
    [
        LocalPhase.Say($"Upgrading the proxy on {string.Join(",", hosts)}..."),
        new ConnectPhase([]),
        new HookPhase("pre-proxy-reboot", app, hosts) { Version = deployed },
        DeployPhases.Prepare(app, Replace(app), ProxyBoot.Ensure(app), ProxyFiles.CheckSteps(app)) with
        {
            AfterStop = (_, host, stopped) => ProxySteps.AfterStoppedUpgrade(app.Configuration, host, stopped),
        },
        Boot.Of(app, FleetPolicy.OfAnyOperation(app)),
        DeployPhases.TagAndPrune(app),
        new HookPhase("post-proxy-reboot", app, hosts) { Version = deployed },
        LocalPhase.Say($"Upgraded the proxy on {string.Join(",", hosts)}"),
    ];

    private static Steps Replace(KamalContext app) => new(async run =>
    {
        var proxy = new ProxySteps(app.Configuration, await run.AuditAsync(app).ConfigureAwait(false));
        var login = await new LoginSteps(run).OnHostsAsync(app.Configuration.PullRegistry).ConfigureAwait(false);
        return host => proxy.ClearForUpgrade(login(host));
    });
}
