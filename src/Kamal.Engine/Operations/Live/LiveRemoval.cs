using System.Collections.Immutable;
using Kamal.Engine.Commands;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>Finds what a removal of everything would remove: containers of the app, its accessories and the proxy.</summary>
internal static class LiveRemoval
{
    private const string Title = "Find what to remove";
    private const string AppsStep = "List the apps on the host";
    private const string ContainersStep = "List the containers";

    /// <summary>The phase that looks.</summary>
    /// <param name="context">The context.</param>
    /// <param name="changes">Gets what is there.</param>
    public static HostPhase Phase(KamalContext context, Outcome<ImmutableArray<KamalPlanChange>> changes) =>
        new(Title, context.Selection.Hosts, Steps.Of(_ =>
        [
            new(AppsStep, ShellCommand.Of("ls", HostPaths.Apps(context.Configuration)).DiscardErrors())
            {
                Effect = StepEffect.ReadOnly, IgnoreFailure = true,
            },
            new(ContainersStep, ShellCommand.Of("docker", "ps", "--all", "--format", DockerListings.ContainerFormat))
            {
                Effect = StepEffect.ReadOnly,
            },
        ]))
        {
            Read = (run, results) => run.Set(changes,
                [.. results.Where(result => result.Succeeded).SelectMany(result => Read(context, result))]),
        };

    private static IEnumerable<KamalPlanChange> Read(KamalContext context, ScriptResult result)
    {
        var configuration = context.Configuration;
        var host = result.HostName;
        var others = result.Find(AppsStep)!.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(app => app != configuration.ServiceAndDestination).ToList();
        foreach (var container in DockerListings.Containers(host, KamalContainerKind.App, result.Find(ContainersStep)!.Output))
        {
            var accessory = configuration.Accessories.FirstOrDefault(one =>
                one.ServiceName == container.Service && one.Hosts.Contains(host));
            var change = accessory is not null ? Change(KamalContainerKind.Accessory) with { Accessory = accessory.Name }
                : container.ContainerName == ProxyCommands.ContainerName && others.Count == 0
                    && context.Selection.ProxyHosts.Contains(host) ? Change(KamalContainerKind.Proxy)
                : container.Service == configuration.Service && (container.Destination ?? "") == (configuration.Destination ?? "")
                    && container.Role is not null ? Change(KamalContainerKind.App) with { Role = container.Role }
                : null;
            if (change is not null)
            {
                yield return change with
                {
                    Target = container.ContainerName, From = $"{container.State}".ToLowerInvariant(), AppliedBy = "Remove-KamalDeployment",
                };
            }
        }

        KamalPlanChange Change(KamalContainerKind kind) => new(host, $"{kind}", "Remove");
    }
}
