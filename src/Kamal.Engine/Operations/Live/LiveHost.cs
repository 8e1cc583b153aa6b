using System.Collections.Immutable;
using System.Text.Json;
using Kamal.Engine.Commands;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>What is compared on one host: all of it in one script.</summary>
/// <param name="context">The context, with the version that is wanted.</param>
/// <param name="hostName">The host.</param>
internal sealed class LiveHost(KamalContext context, string hostName)
{
    private const string ListStep = "List the app's containers";
    private const string ImageStep = "Look for the app's image";
    private const string StateStep = "Read the proxy's routes";

    public string HostName => hostName;

    public ImmutableArray<LiveRole> Roles { get; init; } = [];

    public ImmutableArray<LiveAccessory> Accessories { get; init; } = [];

    public LiveProxy? Proxy { get; init; }

    /// <summary>Whether something on the host has a route.</summary>
    public bool IsRouted { get; init; }

    public bool IsEmpty => Roles.IsEmpty && Accessories.IsEmpty && Proxy is null;

    /// <summary>The steps that look. They leave nothing behind.</summary>
    /// <param name="run">What tells this run's containers from others'.</param>
    public IEnumerable<Step> Look(string run)
    {
        if (IsEmpty) yield break;
        yield return new("Remove leftovers of old comparisons", DriftCommands.RemoveOld().DiscardOutput());
        yield return new("List the volumes", DriftCommands.Volumes())
        {
            Effect = StepEffect.ReadOnly, CaptureAs = ComparedContainer.Volumes,
        };
        if (!Roles.IsEmpty)
        {
            yield return new(ListStep, ShellCommand.Of("docker", "ps", "--all").AddRange(DockerArguments.Filters(
                [$"label=service={context.Configuration.Service}", $"label=destination={context.Configuration.Destination}"]))
                .Add("--format", DockerListings.ContainerFormat))
            {
                Effect = StepEffect.ReadOnly,
            };
            yield return new(ImageStep, DriftCommands.Image(context.Configuration.AbsoluteImage))
            {
                Effect = StepEffect.ReadOnly, IgnoreFailure = true,
            };
        }

        if (IsRouted)
        {
            yield return new(StateStep, DriftCommands.ProxyState()) { Effect = StepEffect.ReadOnly, IgnoreFailure = true };
        }

        var looks = Roles.SelectMany(role => role.Look(run)).Concat(Accessories.SelectMany(accessory => accessory.Look(run)))
            .Concat(Proxy?.Look(run) ?? []);
        foreach (var step in looks) yield return step;
    }

    /// <summary>The images that the host has, with their sizes.</summary>
    public IEnumerable<(string Name, string Id, long Size)> Images(ScriptResult result) =>
        Accessories.Select(accessory => accessory.ImageOn(result)).Append(AppImage(result)).OfType<(string, string, long)>();

    /// <summary>What differs, the proxy's own container first.</summary>
    /// <param name="result">The script's result.</param>
    /// <param name="sizes">Finds an image's size on the hosts that have it.</param>
    /// <exception cref="JsonException">The host's answer cannot be read.</exception>
    public IEnumerable<KamalPlanChange> Changes(ScriptResult result, Func<string, long?> sizes)
    {
        var listed = result.Find(ListStep)?.Output ?? "";
        var containers = DockerListings.Containers(hostName, KamalContainerKind.App, listed).ToList();
        var state = State(result);
        return
        [
            .. Proxy?.Changes(result) ?? [],
            .. Roles.SelectMany(role => role.Changes(result, containers, state, AppImage(result)?.Id, sizes)),
            .. Accessories.SelectMany(accessory => accessory.Changes(result, state, sizes)),
        ];
    }

    /// <summary>The proxied roles whose requests the proxy does not pass on: maintenance, or a pause.</summary>
    public IEnumerable<string> InMaintenance(ScriptResult result)
    {
        var state = State(result);
        return Roles.Where(role => role.IsInMaintenance(state)).Select(role => role.Name);
    }

    private (string Name, string Id, long Size)? AppImage(ScriptResult result) =>
        Roles.IsEmpty ? null : LiveRole.ParseImage(context.Configuration.AbsoluteImage, result.Find(ImageStep));

    /// <summary>The proxy's services. A proxy that has never had one has no file.</summary>
    private static JsonElement State(ScriptResult result)
    {
        if (result.Find(StateStep) is not { Status: StepStatus.Succeeded, Output.Length: > 0 } step) return default;
        using var json = JsonDocument.Parse(step.Output);
        return json.RootElement.Clone();
    }
}
