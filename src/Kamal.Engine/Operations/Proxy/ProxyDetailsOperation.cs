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

    /// <inheritdoc/>
    public async Task<IReadOnlyList<KamalProxy>> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
    {
        var run = new OperationRun(context, sink, cancellationToken);
        var results = await run.TryPhaseAsync(Phase, context.Selection.ProxyHosts, _ =>
        [
            new(ContainerStep, ProxyCommands.Info().Add("--all", "--format", DockerListings.ContainerFormat)) { Effect = StepEffect.ReadOnly },
            // A proxy that does not run has no list, which is told by its state.
            .. ProxyRoutes.Look(),
        ]).ConfigureAwait(false);
        return run.ConcludeEach(Phase, results, result => result.Succeeded ? new[] { Read(run, result) } : []);
    }

    private static KamalProxy Read(OperationRun run, ScriptResult result)
    {
        var problem = ProxyRoutes.Problem(run.Configuration, result);
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
