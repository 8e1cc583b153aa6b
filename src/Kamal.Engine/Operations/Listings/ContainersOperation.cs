using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary><c>kamal details</c>, <c>app containers</c>, <c>accessory details</c>: lists containers, in one round trip a host.</summary>
/// <param name="options">Which.</param>
public sealed class ContainersOperation(ContainersOptions options) : IOperation<IReadOnlyList<KamalContainer>>
{
    private const string Phase = "List containers";
    private const string AppStep = "List the app's containers";
    private const string ProxyStep = "List the proxy's container";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<KamalContainer>> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
    {
        var run = new OperationRun(context, sink, cancellationToken);
        var accessories = AccessorySelection.Match(context.Configuration, options.Accessories);
        var results = await run.TryPhaseAsync(Phase, context.Selection.Hosts, host => StepsFor(context, accessories, host)).ConfigureAwait(false);
        return run.ConcludeEach(Phase, results, Readers(context, accessories));
    }

    private bool Wants(KamalContainerKind kind) => options.Kinds.IsEmpty || options.Kinds.Contains(kind);

    private IEnumerable<Step> StepsFor(KamalContext context, IEnumerable<AccessoryConfiguration> accessories, string host)
    {
        var configuration = context.Configuration;
        if (Wants(KamalContainerKind.Proxy) && context.Selection.ProxyHosts.Contains(host)) yield return List(ProxyStep, $"name=^{ProxyCommands.ContainerName}$");
        if (Wants(KamalContainerKind.App) && context.Selection.AppHosts.Contains(host))
        {
            yield return List(AppStep, $"label=service={configuration.Service}", $"label=destination={configuration.Destination}");
        }

        if (!Wants(KamalContainerKind.Accessory)) yield break;
        foreach (var accessory in accessories.Where(accessory => accessory.Hosts.Contains(host)))
        {
            yield return List(AccessoryStep(accessory), $"label=service={accessory.ServiceName}") with { Accessory = accessory.Name };
        }
    }

    private Step List(string name, params IEnumerable<string> filters) =>
        new(name, ShellCommand.Of("docker", "ps").AddIf(!options.RunningOnly, "--all").AddRange(DockerArguments.Filters(filters)).Add("--format", DockerListings.ContainerFormat))
        {
            Effect = StepEffect.ReadOnly,
        };

    /// <summary>Listings by themselves: one that cannot be read hides none of the others.</summary>
    private static IReadOnlyList<Func<ScriptResult, IEnumerable<KamalContainer>>> Readers(KamalContext context, IEnumerable<AccessoryConfiguration> accessories)
    {
        var roles = context.Selection.SpecificRoles?.Select(role => role.Name).ToList();
        return
        [
            result => Listed(result, ProxyStep, KamalContainerKind.Proxy).Select(container => container with { Version = DockerListings.Tag(container.Image), Role = null, Service = null }),
            result => Listed(result, AppStep, KamalContainerKind.App)
                .Where(container => roles is null || roles.Contains(container.Role ?? ""))
                .Select(container => container with { Version = VersionOf(context.Configuration, container) }),
            .. accessories.Select(accessory => (Func<ScriptResult, IEnumerable<KamalContainer>>)(result => Listed(result, AccessoryStep(accessory), KamalContainerKind.Accessory)
                .Select(container => container with { Accessory = accessory.Name, Role = null, Version = DockerListings.Tag(container.Image) }))),
        ];
    }

    private static IEnumerable<KamalContainer> Listed(ScriptResult result, string step, KamalContainerKind kind) =>
        DockerListings.Containers(result.HostName, kind, result.Find(step) is { Status: StepStatus.Succeeded } found ? found.Output : "");

    private static string AccessoryStep(AccessoryConfiguration accessory) => $"List the containers of {accessory.Name}";

    private static string? VersionOf(KamalConfiguration configuration, KamalContainer container)
    {
        var prefix = string.Join('-', new[] { configuration.Service, container.Role, configuration.Destination }.Where(part => part is not null)) + "-";
        return container.ContainerName.StartsWith(prefix, StringComparison.Ordinal) ? VersionName.Of(container.ContainerName[prefix.Length..]) : DockerListings.Tag(container.Image);
    }
}
