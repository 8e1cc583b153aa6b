using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>
/// The operations that bring a version to the hosts. A deploy costs each host four round trips: pull (which checks the host first, and
/// takes the lock on the primary host), prepare, boot, tag and prune; and the primary host a fifth, which releases the lock. Before a
/// build, the check is a round trip of its own. In a setup, the one that looks for Docker has it.
/// </summary>
public static class DeployOperations
{
    /// <summary><c>kamal deploy</c>: builds, pushes, pulls, boots and prunes.</summary>
    /// <param name="options">How.</param>
    public static Operation<IReadOnlyList<KamalDeployResult>> Deploy(DeployOptions options) => OfBuild(options, (app, built) => Rollout(app,
    [
        .. DeployPhases.Begin(app, options, built),
        new Recorded(app, "deploy", Delivery.ThenUnderLock(app, checks: !DeployPhases.ChecksBefore(app, options),
            HookPhase.OfDeploy("pre-deploy", app),
            DeployPhases.Prepare(app, ProxyBoot.Ensure(app, isChecked: true), StaleContainers.Steps(app, stop: true)),
            Boot.Of(app),
            DeployPhases.TagAndPrune(app))),
        DeployPhases.End(app),
    ]));

    /// <summary><c>kamal redeploy</c>: a deploy that leaves the proxy alone and prunes nothing.</summary>
    /// <param name="options">How.</param>
    public static Operation<IReadOnlyList<KamalDeployResult>> Redeploy(DeployOptions options) => OfBuild(options, (app, built) => Rollout(
        app,
    [
        .. DeployPhases.Begin(app, options, built),
        new Recorded(app, "redeploy", Delivery.ThenUnderLock(app, checks: !DeployPhases.ChecksBefore(app, options),
            HookPhase.OfDeploy("pre-deploy", app),
            DeployPhases.Prepare(app, StaleContainers.Steps(app, stop: true)),
            Boot.Of(app),
            DeployPhases.Tag(app))),
        DeployPhases.End(app),
    ]));

    /// <summary><c>kamal setup</c>: prepares the servers, boots the accessories and deploys, all under one lock.</summary>
    /// <param name="options">How.</param>
    public static Operation<IReadOnlyList<KamalDeployResult>> Setup(DeployOptions options) => OfVersion(app => Rollout(app,
    [
        .. DeployPhases.Begin(app),
        Preflight.Secrets(app, builds: !options.SkipPush, app.Configuration.Accessories),
        .. UnderLock.Around(app,
        [
            .. Bootstrap.ThenCheck(app),
            DeployPhases.StartClock(),
            .. DeployPhases.Build(app, options),
            new Recorded(app, "setup",
            [
                Delivery.Of(app, othersPull: true),
                HookPhase.OfDeploy("pre-deploy", app),
                new HostPhase("Start the proxy", app.Selection.Hosts, ProxyBoot.Ensure(app, isChecked: true)),
                AccessoryBoot.Phase(app, app.Configuration.Accessories),
                DeployPhases.Prepare(app, StaleContainers.Steps(app, stop: true)),
                Boot.Of(app),
                DeployPhases.TagAndPrune(app),
            ]),
            DeployPhases.End(app),
        ]),
    ]));

    /// <summary><c>kamal rollback VERSION</c>: goes back to a version whose containers are still on every selected host.</summary>
    /// <param name="version">
    /// The version or, if it is a commit, its beginning; null for the one that served before the current one on all selected hosts.
    /// </param>
    public static Operation<IReadOnlyList<KamalDeployResult>> Rollback(string? version) => Operation.Of<KamalDeployResult>(context =>
    {
        var given = context.WithVersion(version ?? FindVersion.PreviousPlaceholder);
        // The look is under the lock, and the hook that is told the version follows the lock's release.
        var found = new Outcome<string>(given.Configuration.RequiredVersion);
        return Rollout(given,
        [
            .. DeployPhases.Begin(given),
            Preflight.Secrets(given, builds: false),
            .. UnderLock.Around(given, FindVersion.ForRollback(given, version, found, app =>
            [
                new Recorded(app, Recorded.Rollback,
                [
                    HookPhase.OfDeploy("pre-deploy", app),
                    DeployPhases.Prepare(app),
                    Boot.Of(app),
                    DeployPhases.Tag(app),
                ]),
            ])),
            new WithFoundVersion(given, found, app => [DeployPhases.End(app)]),
        ]);
    });

    /// <summary><c>kamal app boot</c>: starts the given version, or the latest, and stops the one before.</summary>
    public static Operation<IReadOnlyList<KamalDeployResult>> BootApp() => Operation.Of<KamalDeployResult>(context =>
    {
        var given = context.WithGivenOrLatestVersion();
        return Rollout(given,
        [
            DeployPhases.CheckCertificates(given),
            DeployPhases.CheckProxyFiles(given),
            .. UnderLock.Around(given, FindVersion.Then(given, given.Configuration.RequiredVersion, app =>
                [new Recorded(app, "boot", [DeployPhases.Prepare(app), Boot.Of(app), DeployPhases.Tag(app)])])),
        ]);
    });

    private static Plan Rollout(KamalContext app, IEnumerable<Phase> phases) =>
        Plan.Of(phases) with { Policy = FleetPolicy.OfRollout(app), Tell = (run, failed) => NothingReplaced.Tell(run, app, failed) };

    private static Operation<IReadOnlyList<KamalDeployResult>> OfBuild(
        DeployOptions options, Func<KamalContext, BuiltImage?, Plan> plan) =>
        Operation.Of<KamalDeployResult>(async (context, cancellationToken) =>
        {
            var app = await context.VersionedAsync(cancellationToken).ConfigureAwait(false);
            return plan(app, await DeployPhases.FindBuiltAsync(app, options, cancellationToken).ConfigureAwait(false));
        });

    private static Operation<IReadOnlyList<KamalDeployResult>> OfVersion(Func<KamalContext, Plan> plan) =>
        Operation.Of<KamalDeployResult>(async (context, cancellationToken) =>
            plan(await context.VersionedAsync(cancellationToken).ConfigureAwait(false)));
}

/// <summary>How a deploy goes about its work.</summary>
public sealed record DeployOptions
{
    /// <summary>The image is there already: it is neither built nor pushed.</summary>
    public bool SkipPush { get; init; }

    /// <summary>The image is built without a cache, even if all hosts have the one that was built from the same commit.</summary>
    public bool NoCache { get; init; }
}
