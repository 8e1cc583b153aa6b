using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>
/// The operations that bring a version to the hosts. On warm connections a deploy costs each host five round trips: pull (which takes the
/// lock on the primary host), prepare, boot, tag and prune, release.
/// </summary>
public static class DeployOperations
{
    /// <summary><c>kamal deploy</c>: builds, pushes, pulls, boots and prunes.</summary>
    /// <param name="options">How.</param>
    public static Operation<IReadOnlyList<KamalDeployResult>> Deploy(DeployOptions options) => OfVersion(app => Plan.Of(
    [
        .. DeployPhases.Begin(app),
        .. DeployPhases.Build(app, options),
        .. Pull.ThenUnderLock(app,
            HookPhase.OfDeploy("pre-deploy", app),
            DeployPhases.Prepare(app, ProxyBoot.Ensure(app), StaleContainers.Steps(app, stop: true)),
            Boot.Of(app),
            DeployPhases.TagAndPrune(app)),
        DeployPhases.End(app),
    ]));

    /// <summary><c>kamal redeploy</c>: a deploy that leaves the proxy alone and prunes nothing.</summary>
    /// <param name="options">How.</param>
    public static Operation<IReadOnlyList<KamalDeployResult>> Redeploy(DeployOptions options) => OfVersion(app => Plan.Of(
    [
        .. DeployPhases.Begin(app),
        .. DeployPhases.Build(app, options),
        .. Pull.ThenUnderLock(app,
            HookPhase.OfDeploy("pre-deploy", app),
            DeployPhases.Prepare(app, StaleContainers.Steps(app, stop: true)),
            Boot.Of(app),
            DeployPhases.Tag(app)),
        DeployPhases.End(app),
    ]));

    /// <summary><c>kamal setup</c>: prepares the servers, boots the accessories and deploys, all under one lock.</summary>
    /// <param name="options">How.</param>
    public static Operation<IReadOnlyList<KamalDeployResult>> Setup(DeployOptions options) => OfVersion(app => Plan.Of(
    [
        .. DeployPhases.Begin(app),
        .. UnderLock.Around(app,
        [
            .. Bootstrap.Phases(app),
            DeployPhases.StartClock(),
            .. DeployPhases.Build(app, options),
            Pull.Of(app),
            HookPhase.OfDeploy("pre-deploy", app),
            new HostPhase("Start the proxy", app.Selection.Hosts, ProxyBoot.Ensure(app)),
            AccessoryBoot.Phase(app, app.Configuration.Accessories),
            DeployPhases.Prepare(app, StaleContainers.Steps(app, stop: true)),
            Boot.Of(app),
            DeployPhases.TagAndPrune(app),
            DeployPhases.End(app),
        ]),
    ]));

    /// <summary><c>kamal rollback VERSION</c>: goes back to a version whose containers are still on every selected host.</summary>
    /// <param name="version">The version.</param>
    public static Operation<IReadOnlyList<KamalDeployResult>> Rollback(string version) => Operation.Of<KamalDeployResult>(context =>
    {
        var app = context.WithVersion(version);
        return Plan.Of(
        [
            .. DeployPhases.Begin(app),
            .. UnderLock.Around(app,
                DeployPhases.LookForVersion(app),
                HookPhase.OfDeploy("pre-deploy", app),
                DeployPhases.Prepare(app),
                Boot.Of(app),
                DeployPhases.Tag(app)),
            DeployPhases.End(app),
        ]);
    });

    /// <summary><c>kamal app boot</c>: starts the given version, or the latest, and stops the one before.</summary>
    public static Operation<IReadOnlyList<KamalDeployResult>> BootApp() => Operation.Of<KamalDeployResult>(context =>
    {
        var app = context.WithGivenOrLatestVersion();
        return Plan.Of(
        [
            DeployPhases.CheckCertificates(app),
            DeployPhases.CheckProxyFiles(app),
            .. UnderLock.Around(app, DeployPhases.Prepare(app), Boot.Of(app), DeployPhases.Tag(app)),
        ]);
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

    /// <summary>The image is built without a cache.</summary>
    public bool NoCache { get; init; }
}
