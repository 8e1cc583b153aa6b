using Kamal.Engine.Commands;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>
/// The order of a deploy. On a warm connection each host costs five round trips: pull (which takes the lock on the
/// primary host), prepare, boot, tag and prune, release.
/// </summary>
/// <param name="run">The operation, with its version.</param>
internal sealed class DeployFlow(OperationRun run)
{
    /// <summary>Deploys: everything from the image to the pruning.</summary>
    public async Task<IReadOnlyList<KamalDeployResult>> DeployAsync(DeployOptions options)
    {
        var began = run.Context.Clock.GetTimestamp();
        await PreflightAsync().ConfigureAwait(false);
        var booted = await DeliverAndBootAsync(options, async deploy =>
        {
            var proxy = await new ProxyBootSteps(run).ForAsync().ConfigureAwait(false);
            return await BootAsync(deploy, proxy, prune: true).ConfigureAwait(false);
        }).ConfigureAwait(false);
        await FinishAsync(began).ConfigureAwait(false);
        return booted;
    }

    /// <summary>Deploys without looking after the proxy and without pruning.</summary>
    public async Task<IReadOnlyList<KamalDeployResult>> RedeployAsync(DeployOptions options)
    {
        var began = run.Context.Clock.GetTimestamp();
        await PreflightAsync().ConfigureAwait(false);
        var booted = await DeliverAndBootAsync(options, deploy => BootAsync(deploy, _ => [], prune: false)).ConfigureAwait(false);
        await FinishAsync(began).ConfigureAwait(false);
        return booted;
    }

    /// <summary>Prepares the servers, and then deploys with the accessories. All under one lock.</summary>
    public async Task<IReadOnlyList<KamalDeployResult>> SetupAsync(DeployOptions options)
    {
        IReadOnlyList<KamalDeployResult> booted = [];
        await PreflightAsync().ConfigureAwait(false);
        await new DeployLock(run).HoldAsync(async () =>
        {
            await new BootstrapPhase(run).RunAsync().ConfigureAwait(false);
            var began = run.Context.Clock.GetTimestamp();
            booted = await DeliverAndBootAsync(options, async deploy =>
            {
                await run.PhaseAsync("Start the proxy", run.Selection.Hosts, await new ProxyBootSteps(run).ForAsync().ConfigureAwait(false)).ConfigureAwait(false);
                await new AccessoryBoot(run).RunAsync(run.Configuration.Accessories).ConfigureAwait(false);
                return await BootAsync(deploy, _ => [], prune: true).ConfigureAwait(false);
            }).ConfigureAwait(false);
            await FinishAsync(began).ConfigureAwait(false);
        }).ConfigureAwait(false);
        return booted;
    }

    /// <summary>Goes back to a version whose containers are still there on every selected host.</summary>
    public async Task<IReadOnlyList<KamalDeployResult>> RollbackAsync()
    {
        var began = run.Context.Clock.GetTimestamp();
        IReadOnlyList<KamalDeployResult> booted = [];
        await PreflightAsync().ConfigureAwait(false);
        await new DeployLock(run).HoldAsync(async () =>
        {
            await run.PhaseAsync("Look for the version's containers", run.Selection.AppHosts, LookForVersion).ConfigureAwait(false);
            await new HookRunner(run).RunAsync("pre-deploy", withSecrets: true).ConfigureAwait(false);
            booted = await BootAsync(new AppBoot(run), _ => [], prune: false, stale: false).ConfigureAwait(false);
        }).ConfigureAwait(false);
        await FinishAsync(began).ConfigureAwait(false);
        return booted;
    }

    /// <summary>Boots the version that the run is about, under the lock.</summary>
    public async Task<IReadOnlyList<KamalDeployResult>> BootOnlyAsync()
    {
        IReadOnlyList<KamalDeployResult> booted = [];
        await PreflightAsync().ConfigureAwait(false);
        await new DeployLock(run).HoldAsync(async () =>
            booted = await BootAsync(new AppBoot(run), _ => [], prune: false, stale: false).ConfigureAwait(false)).ConfigureAwait(false);
        return booted;
    }

    /// <summary>Boots the version that the run is about and prunes, after other steps on the hosts; the lock is held already.</summary>
    public Task<IReadOnlyList<KamalDeployResult>> BootAfterAsync(Func<string, IEnumerable<Step>> before) => BootAsync(
        new AppBoot(run), host => [.. before(host), .. ProxyFiles.Preflight(run.Configuration, run.Selection.RolesOn(host))], prune: true, stale: false);

    /// <summary>
    /// Fails where the proxy could not load this app's certificates or error pages, before anything is built, locked or written. Apps without such files
    /// do not pay this round trip.
    /// </summary>
    private Task<IReadOnlyList<ScriptResult>> PreflightAsync() =>
        run.PhaseAsync("Check what the proxy reads", [.. run.Selection.Hosts.Where(host => ProxyFiles.AreNeeded(run.Configuration, run.Selection.RolesOn(host)))],
            host => ProxyFiles.Preflight(run.Configuration, run.Selection.RolesOn(host)));

    /// <summary>Brings the image to the hosts and then works under the lock, which the pull's round trip takes.</summary>
    private async Task<IReadOnlyList<KamalDeployResult>> DeliverAndBootAsync(DeployOptions options, Func<AppBoot, Task<IReadOnlyList<KamalDeployResult>>> work)
    {
        if (!options.SkipPush)
        {
            await run.ConnectAsync().ConfigureAwait(false);
            run.Context.Fleet.Warm(run.Selection.Hosts, run.Cancellation);
            await new BuildPhase(run).PushAsync(new BuildOptions { NoCache = options.NoCache }).ConfigureAwait(false);
        }

        IReadOnlyList<KamalDeployResult> booted = [];
        async Task UnderLockAsync()
        {
            await new HookRunner(run).RunAsync("pre-deploy", withSecrets: true).ConfigureAwait(false);
            booted = await work(new AppBoot(run)).ConfigureAwait(false);
        }

        var deployLock = new DeployLock(run);
        var pull = new PullPhase(run);
        if (!deployLock.IsNeeded)
        {
            await pull.RunAsync().ConfigureAwait(false);
            await UnderLockAsync().ConfigureAwait(false);
        }
        else if (run.Context.Options.LockWait)
        {
            await pull.RunAsync().ConfigureAwait(false);
            await deployLock.HoldAsync(UnderLockAsync).ConfigureAwait(false);
        }
        else
        {
            await deployLock.ReleaseAfterAsync(async () =>
            {
                await pull.RunAsync(deployLock).ConfigureAwait(false);
                await UnderLockAsync().ConfigureAwait(false);
            }).ConfigureAwait(false);
        }

        return booted;
    }

    private async Task<IReadOnlyList<KamalDeployResult>> BootAsync(AppBoot boot, Func<string, IEnumerable<Step>> before, bool prune, bool stale = true)
    {
        var prepare = await boot.PrepareAsync().ConfigureAwait(false);
        var prepared = await run.PhaseAsync("Prepare the hosts", run.Selection.Hosts, host =>
        [
            .. before(host),
            .. stale ? run.Selection.RolesOn(host).SelectMany(role => StaleContainerSteps.For(run.Configuration, role, stop: true)) : [],
            .. prepare(host),
        ]).ConfigureAwait(false);
        ProxyRoutes.Warn(run, prepared);

        var booted = await boot.RunAsync().ConfigureAwait(false);

        var tag = await boot.TagAsync().ConfigureAwait(false);
        var pruning = new PruneSteps(run, await run.AuditAsync().ConfigureAwait(false));
        await run.PhaseAsync(prune ? "Tag the version as latest and prune" : "Tag the version as latest", run.Selection.Hosts, host =>
            prune ? [.. tag(host), .. pruning.Containers(run.Configuration.RetainContainers), .. pruning.Images()] : tag(host)).ConfigureAwait(false);
        return booted;
    }

    private IEnumerable<Step> LookForVersion(string host) =>
        run.Selection.RolesOn(host).Select(role => new Step(
            "Look for the version's container",
            new AppCommands(run.Configuration, role).ContainerId(run.Configuration.RequiredVersion).Pipe(ShellCommand.Of("grep", ".")))
        {
            Effect = StepEffect.ReadOnly,
            Role = role.Name,
            Error = KamalErrorId.VersionNotFound,
            FailureMessage = $"there is no container of version {run.Configuration.RequiredVersion} to go back to",
            Recommendation = "Get-KamalContainer (kamal app containers) lists the versions that are there.",
        });

    private Task FinishAsync(long began) =>
        new HookRunner(run).RunAsync("post-deploy", withSecrets: true, runtime: run.Context.Clock.GetElapsedTime(began));
}
