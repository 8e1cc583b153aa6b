using System.Collections.Immutable;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>
/// What can be done with the app's containers; <see cref="DeployOperations"/> starts versions. Whatever changes something is one phase
/// under the deploy lock, and each host and role has one result in the end.
/// </summary>
public static class AppOperations
{
    private const string StartTitle = "Start the app";

    /// <summary>What stands in a preview for the version that was stopped.</summary>
    private const string StoppedPlaceholder = "stopped";

    private const string StaleTitle = "Look for stale containers";

    /// <summary>
    /// <c>kamal app start</c>: starts the containers of the given version or, if none is given, on each host what was stopped there.
    /// </summary>
    public static Operation<IReadOnlyList<KamalHostResult>> Start() => Operation.Of<KamalHostResult>(context =>
        Plan.Of(context.GivenVersion is { } given
            ? FindVersion.Then(context, given, app => OnApp(app, StartTitle, (on, host) => on.Start(host)).Phases)
            : UnderLock.Around(context, Stopped(context))));

    /// <summary><c>kamal app stop</c>.</summary>
    /// <param name="version">The version whose containers to stop. Null for the current one, as Kamal does.</param>
    public static Operation<IReadOnlyList<KamalHostResult>> Stop(string? version = null) => version is null
        ? OnApp("Stop the app", (app, host) => app.Stop(host))
        : OnVersion(version, "Stop the app", (app, host, found) => app.Stop(host, found));

    /// <summary><c>kamal app live</c>: ends maintenance.</summary>
    public static Operation<IReadOnlyList<KamalHostResult>> Live() => OnProxies("Set the app live", (app, host) => app.Live(host));

    /// <summary><c>kamal app maintenance</c>: the proxy answers requests with 503 until the app is set live.</summary>
    /// <param name="message">What its page says; nothing more, if null.</param>
    /// <param name="drainTimeout">How long running requests may take; as configured, if null.</param>
    public static Operation<IReadOnlyList<KamalHostResult>> Maintenance(string? message, TimeSpan? drainTimeout = null) =>
        OnProxies("Set the app to maintenance", (app, host) => app.Maintain(host, drainTimeout, message));

    /// <summary><c>kamal app remove_container VERSION</c>: removes the stopped container of a version.</summary>
    /// <param name="version">The version.</param>
    public static Operation<IReadOnlyList<KamalHostResult>> RemoveContainer(string version) =>
        OnVersion(version, "Remove the app's container", (app, host, found) => app.RemoveContainer(host, found));

    /// <summary><c>kamal app remove_containers</c>: removes all containers that do not run.</summary>
    public static Operation<IReadOnlyList<KamalHostResult>> RemoveContainers() =>
        OnApp("Remove the app's containers", (app, host) => app.RemoveContainers(host));

    /// <summary>
    /// <c>kamal app remove_images</c>: removes all images that no container uses, on hosts of which all roles are selected.
    /// </summary>
    /// <param name="version">The version whose image alone to remove, or null.</param>
    public static Operation<IReadOnlyList<KamalHostResult>> RemoveImages(string? version = null) => version is null
        ? OnApp("Remove the app's images", (app, host) => app.RemoveImages(host))
        : OnVersion(version, "Remove the app's image", (app, _, found) => app.RemoveImage(found));

    /// <summary><c>kamal app remove_app_directories</c>: removes the app's directories, on hosts of which all roles are selected.</summary>
    public static Operation<IReadOnlyList<KamalHostResult>> RemoveDirectories() =>
        OnApp("Remove the app's directories", (app, host) => app.RemoveDirectories(host));

    /// <summary><c>kamal app remove</c>: stops the app and removes its containers, images and directories.</summary>
    public static Operation<IReadOnlyList<KamalHostResult>> Remove() => OnApp("Remove the app", (app, host) => app.Remove(host));

    /// <summary><c>kamal app stale_containers</c>: finds containers that run besides the current one, and stops them if asked.</summary>
    /// <param name="stop">Whether they are stopped, under the deploy lock.</param>
    public static Operation<IReadOnlyList<KamalStaleContainer>> StaleContainers(bool stop) => Operation.Of<KamalStaleContainer>(context =>
    {
        var selection = context.Selection;
        var ask = Steps.Of(_ => [ListingOperations.AskDocker()]);
        var phase = new HostPhase(StaleTitle, selection.AppHosts, ask, Operations.StaleContainers.Steps(context, stop))
        {
            Read = (run, results) => run.ProduceEach(StaleTitle, results, result =>
                selection.RolesOn(result.HostName).SelectMany(role =>
                    Operations.StaleContainers.Records(context.Configuration, role, result))),
        };
        return Plan.Of(stop ? UnderLock.Around(context, phase) : [phase]);
    });

    /// <summary><c>kamal app exec</c>: a user's own command in the app's container, or in a new one of the app's image.</summary>
    /// <param name="options">The command and how.</param>
    public static Operation<IReadOnlyList<KamalCommandResult>> Exec(ExecOptions options) =>
        Operation.Of<KamalCommandResult>(context => AppExec.Plan(context, options));

    private static Operation<IReadOnlyList<KamalHostResult>> OnApp(string name, Func<AppSteps, string, IEnumerable<Step>> steps) =>
        Operation.Of<KamalHostResult>(context => OnApp(context, name, steps));

    /// <summary>The same about a version, which may be given as the beginning of a commit.</summary>
    private static Operation<IReadOnlyList<KamalHostResult>> OnVersion(
        string given, string name, Func<AppSteps, string, string, IEnumerable<Step>> steps)
    {
        GivenNames.Version(given);
        return Operation.Of<KamalHostResult>(context => Plan.Of(FindVersion.Then(context, given, app =>
            OnApp(app, name, (on, host) => steps(on, host, app.Configuration.RequiredVersion)).Phases)));
    }

    private static Operation<IReadOnlyList<KamalHostResult>> OnProxies(string name, Func<AppSteps, string, IEnumerable<Step>> steps) =>
        Operation.Of<KamalHostResult>(context => On(context, name, context.Selection.ProxyHosts, steps));

    private static Plan OnApp(KamalContext context, string name, Func<AppSteps, string, IEnumerable<Step>> steps) =>
        On(context, name, context.Selection.AppHosts, steps);

    private static Plan On(
        KamalContext context, string name, ImmutableArray<string> hosts, Func<AppSteps, string, IEnumerable<Step>> steps) =>
        Plan.Of(UnderLock.Around(context, PhaseOn(name, hosts, Steps.Audited(context, (audit, host) => steps(new(context, audit), host)))));

    private static HostPhase PhaseOn(string name, ImmutableArray<string> hosts, Steps steps) => new(name, hosts, steps)
    {
        Read = (run, results) =>
        {
            foreach (var record in results.SelectMany(result => Results(name, result))) run.Produce(record);
        },
    };

    /// <summary>Finds on each host what was stopped, and starts that.</summary>
    private static ImmutableArray<Phase> Stopped(KamalContext context)
    {
        var found = new Outcome<IReadOnlyList<RoleVersions>?>(null);
        string? VersionOf(Run run, string host, RoleConfiguration role) => run.Get(found) is { } all
            ? all.FirstOrDefault(one => one.HostName == host && one.Role == role.Name)?.Stopped
            : StoppedPlaceholder;
        var hosts = context.Selection.AppHosts;
        return
        [
            new HostPhase("Find what was stopped", hosts, Steps.Of(host => RoleContainer.Look(context, host)))
            {
                Learn = (run, results) =>
                {
                    if (!run.IsPreview) run.Set(found, FindVersion.Read(context, results));
                },
            },
            PhaseOn(StartTitle, hosts, new Steps(async run =>
            {
                var app = new AppSteps(context, await run.AuditAsync(context).ConfigureAwait(false));
                return host => app.Start(host, role => VersionOf(run, host, role));
            })),
        ];
    }

    private static IEnumerable<KamalHostResult> Results(string phase, ScriptResult result)
    {
        var roles = result.Steps.Select(step => step.Step.Role).Where(role => role is not null).Distinct().ToList();
        return roles.Count == 0
            ? [HostResults.Of(result, phase)]
            : roles.Select(role => HostResults.Of(result, phase, step => step.Role == role) with { Role = role });
    }
}
