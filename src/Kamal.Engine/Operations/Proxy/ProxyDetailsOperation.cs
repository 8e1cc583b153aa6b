using Kamal.Engine.Commands;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary><c>kamal proxy details</c>: the proxies and what they route, in one round trip a host.</summary>
public sealed class ProxyDetailsOperation : IOperation<IReadOnlyList<KamalProxy>>
{
    private const string Phase = "Look at the proxy";
    private const string ContainerStep = "List the proxy's container";
    private const string ServicesStep = "List the proxy's services";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<KamalProxy>> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
    {
        var run = new OperationRun(context, sink, cancellationToken);
        var results = await run.TryPhaseAsync(Phase, context.Selection.ProxyHosts, _ =>
        [
            new(ContainerStep, ProxyCommands.Info().Add("--all", "--format", DockerListings.ContainerFormat)) { Effect = StepEffect.ReadOnly },
            // A proxy that does not run has no list, which is told by its state.
            new(ServicesStep, ProxyCommands.List()) { Effect = StepEffect.ReadOnly, IgnoreFailure = true },
        ]).ConfigureAwait(false);
        return run.ConcludeEach(Phase, results, result => result.Succeeded ? new[] { Read(result) } : []);
    }

    private static KamalProxy Read(ScriptResult result)
    {
        var container = DockerListings.Containers(result.HostName, KamalContainerKind.Proxy, result.Find(ContainerStep)!.Output)
            .Select(found => found with { Version = DockerListings.Tag(found.Image), Role = null, Service = null })
            .FirstOrDefault();
        var services = result.Find(ServicesStep)!;
        return new(result.HostName, container?.State ?? KamalContainerState.Unknown)
        {
            Container = container,
            Version = container?.Version,
            Services = services.Status == StepStatus.Succeeded ? [.. ProxyListing.Parse(result.HostName, services.Output)] : [],
        };
    }
}
