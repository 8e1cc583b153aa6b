using System.Collections.Immutable;
using Kamal.Engine.Commands;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>The phases that deploys consist of, apart from the pull and the boot.</summary>
internal static class DeployPhases
{
    private const string BuiltVariable = "built";

    private static readonly Outcome<long> Began = new(0);

    /// <summary>Whether all hosts have the image that an earlier deploy of this commit built.</summary>
    private static readonly Outcome<bool> IsBuilt = new(false);

    /// <summary>
    /// Checks what can be wrong before anything is built, locked or written: certificates on this machine, and then on hosts, whether the
    /// proxy could load this app's certificates and error pages. Apps without such files do not pay that round trip.
    /// </summary>
    public static IEnumerable<Phase> Begin(KamalContext app) =>
    [
        CheckCertificates(app),
        Warm(app),
        StartClock(),
        CheckProxyFiles(app),
    ];

    /// <summary>The same for an operation that pulls an image, which is built before or not.</summary>
    /// <param name="app">The context, with the version.</param>
    /// <param name="options">How.</param>
    /// <param name="built">The image that an earlier deploy of this commit built: if all hosts have it, nothing is built.</param>
    public static IEnumerable<Phase> Begin(KamalContext app, DeployOptions options, BuiltImage? built) =>
    [
        CheckCertificates(app),
        Warm(app),
        StartClock(),
        Preflight.Secrets(app, builds: !options.SkipPush),
        .. options.SkipPush
            ? ChecksBefore(app, options) ? [CheckHosts(app)] : Array.Empty<Phase>()
            : built is null
                ? [new CheckedBuild(CheckHosts(app), Builds(app, options))]
                : [
                    new CheckedBuild(CheckHosts(app, built), Builds(app, options) with
                    {
                        When = new("a host lacks the image that was built from this commit", run => !run.Get(IsBuilt)),
                    }),
                    Tell(app, built),
                ],
    ];

    /// <summary>The image that was built from the same commit in the same way, so that it need not be built again; or null.</summary>
    public static async Task<BuiltImage?> FindBuiltAsync(KamalContext app, DeployOptions options, CancellationToken cancellationToken)
    {
        if (options.SkipPush || options.NoCache || app.Selection.AppHosts.IsEmpty) return null;
        return app.Builds().Find(app.Configuration) is { } built
            && await BuiltImages.FingerprintAsync(app, cancellationToken).ConfigureAwait(false) == built.Fingerprint
            && (!app.Configuration.IsTransferredDirectly || await HasAsync(app, built, cancellationToken).ConfigureAwait(false))
            ? built
            : null;
    }

    /// <summary>
    /// The commands that look for a transferred image on hosts, where its ID depends on the engine's image store. Null if this machine has
    /// not stored the image for a transfer.
    /// </summary>
    private static TransferCommands? Stored(KamalContext app, BuiltImage built) =>
        app.Images().Find(built.Digest) is { } image ? new(app.Configuration, 0, image.Manifest.Digest, image.Config.Digest) : null;

    /// <summary>Whether this machine has the image, which a transfer needs.</summary>
    private static async Task<bool> HasAsync(KamalContext app, BuiltImage built, CancellationToken cancellationToken)
    {
        try
        {
            var asked = await app.Local.RunAsync(AppImage.AskId(app.Configuration), null, cancellationToken).ConfigureAwait(false);
            return asked.Succeeded && asked.ReadOutput().Trim() == built.Digest && Stored(app, built) is not null;
        }
        catch (KamalException error) when (error.Id is KamalErrorId.LocalToolMissing or KamalErrorId.FileUnavailable)
        {
            return false;
        }
    }

    /// <summary>
    /// Whether the hosts are checked in a round trip before the pull: where an image is built, and where the proxy has to read files, which
    /// is checked before anything is written. Otherwise the pull begins with the checks.
    /// </summary>
    public static bool ChecksBefore(KamalContext app, DeployOptions options) => !options.SkipPush || !HostsWithProxyFiles(app).IsEmpty;

    public static LocalPhase CheckCertificates(KamalContext app) =>
        new(app.Selection.Roles.Any(role => role.Proxy is { HasCustomCertificate: true }) ? "Check the certificates" : null,
            run => new OwnCertificates(run, app).CheckRolesAsync());

    public static HostPhase CheckProxyFiles(KamalContext app) =>
        new("Check what the proxy reads", HostsWithProxyFiles(app), ProxyFiles.CheckSteps(app));

    /// <summary>Notes when that begins whose duration the post-deploy hook is told.</summary>
    public static LocalPhase StartClock() => new(null, run =>
    {
        run.Set(Began, run.Context.Clock.GetTimestamp());
        return Task.CompletedTask;
    });

    /// <summary>Builds the image and pushes it.</summary>
    public static IEnumerable<Phase> Build(KamalContext app, DeployOptions options) =>
        options.SkipPush ? [] : [Builds(app, options)];

    /// <summary>Everything before the switch: what is given, and then assets, certificates and error pages.</summary>
    public static HostPhase Prepare(KamalContext app, params IEnumerable<Steps> before) =>
        new("Prepare the hosts", app.Selection.Hosts, [.. before, BootFiles.Steps(app)])
        {
            Learn = (run, results) => ProxyRoutes.Warn(run, results),
        };

    /// <summary>Marks the version as the latest on each host, once it runs everywhere.</summary>
    public static HostPhase Tag(KamalContext app) => new("Tag the version as latest", app.Selection.Hosts, TagSteps(app),
        RunHistory.Succeed(app));

    public static HostPhase TagAndPrune(KamalContext app) =>
        new("Tag the version as latest and prune", app.Selection.Hosts, TagSteps(app),
            PruneOperations.PruneSteps(app, containers: true, images: true), RunHistory.Succeed(app));

    public static HostPhase LookForVersion(KamalContext app) =>
        new("Look for the version's containers", app.Selection.AppHosts, Steps.Of(host =>
        app.Selection.RolesOn(host).Select(role => new Step(
            "Look for the version's container",
            new AppCommands(app.Configuration, role).ContainerId(app.Configuration.RequiredVersion).Pipe(ShellCommand.Of("grep", ".")))
        {
            Effect = StepEffect.ReadOnly,
            Role = role.Name,
            Error = KamalErrorId.VersionNotFound,
            FailureMessage = $"there is no container of version {app.Configuration.RequiredVersion} to go back to",
            Recommendation = "Get-KamalContainer (kamal app containers) lists the versions that are there.",
        }).Concat(RoleContainer.Look(app, host, StepRun.AfterFailure))))
        {
            Read = (run, results) => FindVersion.ExplainMissing(app, run, results),
        };

    /// <summary>The post-deploy hook, which is told how long the deploy took.</summary>
    public static HookPhase End(KamalContext app) => HookPhase.OfDeploy("post-deploy", app) with { Since = Began };

    /// <summary>Begins to connect while this machine still works, unless a pre-connect hook must come first.</summary>
    private static LocalPhase Warm(KamalContext app) => new(null, run =>
    {
        if (!HookRunner.Has(app, "pre-connect") && !app.Selection.IsEmpty) run.Context.Fleet.Warm(app.Selection.Hosts, run.Cancellation);
        return Task.CompletedTask;
    });

    private static BuildPhase Builds(KamalContext app, DeployOptions options) => new(app, new() { NoCache = options.NoCache });

    private static HostPhase CheckHosts(KamalContext app) =>
        Preflight.Hosts(app, ProxyFiles.CheckSteps(app).On(HostsWithProxyFiles(app)));

    /// <summary>Checks the hosts, and looks for the image on them.</summary>
    private static HostPhase CheckHosts(KamalContext app, BuiltImage built) =>
        Preflight.Hosts(app, ProxyFiles.CheckSteps(app).On(HostsWithProxyFiles(app)), Steps.Of(_ =>
        [
            new("Look for the image that was built", app.Configuration.IsTransferredDirectly
                ? Stored(app, built)!.Find()
                : new ImageCommands(app.Configuration).Find(built.Digest))
            {
                Effect = StepEffect.ReadOnly, CaptureAs = BuiltVariable, IgnoreFailure = true,
            },
        ]).On(app.Selection.AppHosts)) with
        {
            Learn = (run, results) =>
            {
                Preflight.Warn(run, app, results);
                var hosts = results.Where(result => app.Selection.AppHosts.Contains(result.HostName)).ToList();
                if (hosts.Count == 0 || hosts.Any(result => result.Captured(BuiltVariable).Length == 0)) return;
                run.Set(IsBuilt, true);
                if (!app.Configuration.IsTransferredDirectly) run.Set(AppImage.Digest, built.Digest);
            },
        };

    private static LocalPhase Tell(KamalContext app, BuiltImage built) => new(null, run =>
    {
        run.Sink.Emit(new OutputReceived("build",
            $"{app.Configuration.AbsoluteImage} was built {Age.Of(run.Context.Clock.GetUtcNow() - built.At)} ago, and all hosts have it: "
                + "it is not built again. -NoCache (--no-cache) builds it."));
        return Task.CompletedTask;
    })
    {
        When = new("all hosts have the image", run => run.Get(IsBuilt)),
    };

    private static ImmutableArray<string> HostsWithProxyFiles(KamalContext app) =>
        [.. app.Selection.Hosts.Where(host => ProxyFiles.AreNeeded(app.Configuration, app.Selection.RolesOn(host)))];

    private static Steps TagSteps(KamalContext app) => Steps.Audited(app, (audit, _) =>
    [
        new("Record the tag", audit.Record($"Tagging {app.Configuration.AbsoluteImage} as the latest image")),
        new("Tag the image as latest", new ImageCommands(app.Configuration).TagLatest()),
    ]).On(app.Selection.AppHosts);
}
