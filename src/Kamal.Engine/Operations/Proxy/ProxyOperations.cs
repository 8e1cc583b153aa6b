using System.Collections.Immutable;
using Kamal.Engine.Commands;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>
/// What can be done with the proxies. Whatever changes them is done under the deploy lock, and each host has one result in the end.
/// </summary>
public static class ProxyOperations
{
    private const string DetailsTitle = "Look at the proxy";
    private const string ContainerStep = "List the proxy's container";

    /// <summary><c>kamal proxy boot</c>: makes sure that the proxy runs.</summary>
    public static Operation<IReadOnlyList<KamalHostResult>> Boot() =>
        Operation.Of<KamalHostResult>(context => On(context, "Boot the proxy", context.Selection.Hosts, ProxyBoot.Ensure(context)));

    /// <summary><c>kamal proxy start</c>: starts the container that is there.</summary>
    public static Operation<IReadOnlyList<KamalHostResult>> Start() => On("Start the proxy", proxy => proxy.Start());

    /// <summary><c>kamal proxy stop</c>.</summary>
    public static Operation<IReadOnlyList<KamalHostResult>> Stop() => On("Stop the proxy", proxy => proxy.Stop());

    /// <summary><c>kamal proxy restart</c>.</summary>
    public static Operation<IReadOnlyList<KamalHostResult>> Restart() =>
        Operation.Of<KamalHostResult>(context => Plan.Of(UnderLock.Around(context, Phase(context, "Restart the proxy",
            context.Selection.ProxyHosts, Steps.Audited(context, (audit, _) =>
            {
                var proxy = new ProxySteps(context.Configuration, audit);
                return [.. proxy.Stop(), .. proxy.Start()];
            }), ProxySteps.TellOutage) with
        {
            AfterStop = (run, _, stopped) =>
                new ProxySteps(context.Configuration, run.AuditNow(context)).AfterStoppedRestart(stopped),
        })));

    /// <summary><c>kamal proxy remove_container</c>: removes the container, which must be stopped.</summary>
    public static Operation<IReadOnlyList<KamalHostResult>> RemoveContainer() =>
        On("Remove the proxy's container", proxy => proxy.RemoveContainer());

    /// <summary><c>kamal proxy remove_image</c>.</summary>
    public static Operation<IReadOnlyList<KamalHostResult>> RemoveImage() => On("Remove the proxy's image", proxy => proxy.RemoveImage());

    /// <summary><c>kamal proxy remove_proxy_directory</c>.</summary>
    public static Operation<IReadOnlyList<KamalHostResult>> RemoveDirectory() =>
        On("Remove the proxy's directory", proxy => proxy.RemoveDirectory());

    /// <summary>
    /// <c>kamal proxy remove</c>: removes the proxies with image and directory, after all hosts were asked for other apps.
    /// </summary>
    /// <param name="force">Also where other apps are installed.</param>
    /// <exception cref="KamalException">When it runs: <see cref="KamalErrorId.ProxyInUse"/>: other apps are installed on a host; nothing
    /// was removed.</exception>
    public static Operation<IReadOnlyList<KamalHostResult>> Remove(bool force) => Operation.Of<KamalHostResult>(context =>
    {
        var hosts = context.Selection.ProxyHosts;
        var remove = Phase(context, "Remove the proxy", hosts,
            Steps.Audited(context, (audit, _) => new ProxySteps(context.Configuration, audit).Remove()));
        if (force) return Plan.Of(UnderLock.Around(context, remove));
        var look = new HostPhase("Look for other apps", hosts, Steps.Of(_ => [ProxySteps.CountApps(context.Configuration)]))
        {
            Learn = (_, results) => ThrowIfInUse(results),
        };
        return Plan.Of(UnderLock.Around(context, look, remove));
    });

    /// <summary><c>kamal proxy reboot</c>: replaces the proxies' containers, between the hooks for it. Requests fail meanwhile.</summary>
    /// <param name="rolling">One host after another, rather than all at once.</param>
    public static Operation<IReadOnlyList<KamalHostResult>> Reboot(bool rolling) => Operation.Of<KamalHostResult>(context =>
        Plan.Of(UnderLock.Around(context, [.. HostSelection.Groups(context.Selection.ProxyHosts, rolling)
            .SelectMany(hosts => RebootPhases(context, hosts))])));

    /// <summary><c>kamal proxy upgrade</c>: replaces Kamal 1's Traefik, or an old proxy, and boots the app behind the new one.</summary>
    /// <param name="rolling">One host after another, rather than all at once.</param>
    public static Operation<IReadOnlyList<KamalDeployResult>> Upgrade(bool rolling) => Operation.Of<KamalDeployResult>(context =>
    {
        var deployed = new Outcome<string>(context.Configuration.LatestTag);
        return Plan.Of(
        [
            DeployPhases.CheckCertificates(context),
            .. UnderLock.Around(context, [.. ProxyUpgrade.FindDeployed(context, deployed),
                .. ProxyUpgrade.Phases(context, rolling, deployed)]),
        ]);
    });

    /// <summary><c>kamal proxy details</c>: the proxies and what they route, in one round trip a host.</summary>
    public static Operation<IReadOnlyList<KamalProxy>> Details() => Operation.Of<KamalProxy>(context => Plan.Of(
        new HostPhase(DetailsTitle, context.Selection.ProxyHosts, Steps.Of(_ =>
        [
            new(ContainerStep, ProxyCommands.Info().Add("--all", "--format", DockerListings.ContainerFormat))
            {
                Effect = StepEffect.ReadOnly,
            },
            // A proxy that does not run has no list, as its state says.
            .. ProxyRoutes.Look(),
        ]))
        {
            Read = (run, results) => run.ProduceEach(DetailsTitle, results, result =>
                result.Succeeded ? new[] { ReadDetails(run, result) } : []),
        }));

    private static IEnumerable<Phase> RebootPhases(KamalContext context, ImmutableArray<string> hosts)
    {
        const string title = "Reboot the proxy";
        yield return new ConnectPhase([]);
        yield return new HookPhase("pre-proxy-reboot", context, hosts);
        yield return new HostPhase(title, hosts, new Steps(async run =>
        {
            var proxy = new ProxySteps(context.Configuration, await run.AuditAsync(context).ConfigureAwait(false));
            var login = await new LoginSteps(run).OnHostsAsync(context.Configuration.PullRegistry).ConfigureAwait(false);
            return host => proxy.Reboot(host, login(host));
        }))
        {
            AfterStop = (_, host, stopped) => ProxySteps.AfterStop(context.Configuration, host, stopped),
            Read = (run, results) =>
            {
                ProxySteps.TellOutage(run, results);
                HostResults.Produce(run, title, results);
            },
        };
        yield return new HookPhase("post-proxy-reboot", context, hosts);
    }

    private static Operation<IReadOnlyList<KamalHostResult>> On(string name, Func<ProxySteps, IEnumerable<Step>> steps) =>
        Operation.Of<KamalHostResult>(context => On(context, name, context.Selection.ProxyHosts,
            Steps.Audited(context, (audit, _) => steps(new(context.Configuration, audit)))));

    private static Plan On(KamalContext context, string name, ImmutableArray<string> hosts, Steps steps) =>
        Plan.Of(UnderLock.Around(context, Phase(context, name, hosts, steps)));

    private static HostPhase Phase(
        KamalContext context, string name, ImmutableArray<string> hosts, Steps steps, Action<Run, IReadOnlyList<ScriptResult>>? tell =
            null) => new(name, hosts, steps)
        {
            Read = (run, results) =>
            {
                tell?.Invoke(run, results);
                HostResults.Produce(run, name, results.Where(result =>
                    !result.Succeeded || context.Selection.ProxyHosts.Contains(result.HostName)));
            },
        };

    private static void ThrowIfInUse(IReadOnlyList<ScriptResult> results)
    {
        if (ProxySteps.InUse(results) is not { Count: > 0 } hosts) return;
        throw new KamalException(
            KamalErrorId.ProxyInUse, $"The proxy was not removed, as other apps are installed on {string.Join(", ", hosts)}.")
        {
            HostName = hosts[0],
            Recommendation = "Remove them first, or remove the proxy all the same with -Force (kamal proxy remove --force).",
        };
    }

    private static KamalProxy ReadDetails(Run run, ScriptResult result)
    {
        var problem = ProxyRoutes.Problem(run.Context.Configuration, result);
        if (problem is not null) run.Sink.Warn(problem, result.HostName);
        var container = DockerListings.Containers(result.HostName, KamalContainerKind.Proxy, result.Find(ContainerStep)!.Output)
            .Select(found => found with { Version = DockerListings.Tag(found.Image), Role = null, Service = null })
            .FirstOrDefault();
        return new(result.HostName, container?.State ?? KamalContainerState.Unknown)
        {
            Container = container,
            Version = container?.Version,
            Services = ProxyRoutes.Services(result),
            Problem = problem,
        };
    }
}
