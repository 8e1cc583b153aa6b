using System.Collections.Immutable;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>Which containers are listed.</summary>
public sealed record ContainersOptions
{
    /// <summary>Of which kinds; of all, if empty.</summary>
    public ImmutableArray<KamalContainerKind> Kinds { get; init; } = [];

    /// <summary>Of which accessories: names, <c>*</c> allowed; of all, if empty.</summary>
    public ImmutableArray<string> Accessories { get; init; } = [];

    /// <summary>Only those that run, as Kamal's <c>details</c> does.</summary>
    public bool RunningOnly { get; init; }
}

/// <summary>Lists the containers of the app, the proxy and the accessories.</summary>
internal static class ContainerListing
{
    private const string Title = "List containers";
    private const string AppStep = "List the app's containers";
    private const string ProxyStep = "List the proxy's container";

    public static HostPhase Phase(KamalContext context, ContainersOptions options)
    {
        var accessories = AccessoryOperations.Match(context.Configuration, options.Accessories);
        return new(Title, context.Selection.Hosts, Steps.Of(host => StepsFor(context, options, accessories, host)))
        {
            Read = (run, results) => run.ProduceEach(Title, results, Readers(context, accessories)),
        };
    }

    private static IEnumerable<Step> StepsFor(
        KamalContext context, ContainersOptions options, IEnumerable<AccessoryConfiguration> accessories, string host)
    {
        bool Wants(KamalContainerKind kind) => options.Kinds.IsEmpty || options.Kinds.Contains(kind);
        Step List(string name, params IEnumerable<string> filters) => new(name,
            ShellCommand.Of("docker", "ps").AddIf(!options.RunningOnly, "--all").AddRange(DockerArguments.Filters(filters))
                .Add("--format", DockerListings.ContainerFormat))
        {
            Effect = StepEffect.ReadOnly,
        };

        var configuration = context.Configuration;
        if (Wants(KamalContainerKind.Proxy) && context.Selection.ProxyHosts.Contains(host))
        {
            yield return List(ProxyStep, $"name=^{ProxyCommands.ContainerName}$");
        }
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

    /// <summary>Listings by themselves: one that cannot be read hides none of the others.</summary>
    private static IReadOnlyList<Func<ScriptResult, IEnumerable<KamalContainer>>> Readers(
        KamalContext context, IEnumerable<AccessoryConfiguration> accessories)
    {
        var roles = context.Selection.SpecificRoles?.Select(role => role.Name).ToList();
        return
        [
            result => Listed(result, ProxyStep, KamalContainerKind.Proxy).Select(container => container with
            {
                Version = DockerListings.Tag(container.Image), Role = null, Service = null,
            }),
            result => Listed(result, AppStep, KamalContainerKind.App)
                .Where(container => roles is null || roles.Contains(container.Role ?? ""))
                .Select(container => container with { Version = VersionOf(context.Configuration, container) }),
            .. accessories.Select(accessory => (Func<ScriptResult, IEnumerable<KamalContainer>>)(result =>
                Listed(result, AccessoryStep(accessory), KamalContainerKind.Accessory)
                .Select(container => container with
                {
                    Accessory = accessory.Name, Role = null, Version = DockerListings.Tag(container.Image),
                }))),
        ];
    }

    private static IEnumerable<KamalContainer> Listed(ScriptResult result, string step, KamalContainerKind kind) =>
        DockerListings.Containers(result.HostName, kind, result.Find(step) is { Status: StepStatus.Succeeded } found ? found.Output : "");

    private static string AccessoryStep(AccessoryConfiguration accessory) => $"List the containers of {accessory.Name}";

    private static string? VersionOf(KamalConfiguration configuration, KamalContainer container)
    {
        var prefix = string.Join('-', new[] { configuration.Service, container.Role, configuration.Destination }
            .Where(part => part is not null)) + "-";
        return container.ContainerName.StartsWith(prefix, StringComparison.Ordinal)
            ? VersionName.Of(container.ContainerName[prefix.Length..])
            : DockerListings.Tag(container.Image);
    }
}
