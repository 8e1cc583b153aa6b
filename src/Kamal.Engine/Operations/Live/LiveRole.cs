using System.Globalization;
using System.Text.Json;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>A role on a host, compared with the version and configuration that are wanted.</summary>
internal sealed class LiveRole
{
    private const string AppliedBy = "Invoke-KamalDeploy";

    private readonly KamalConfiguration _configuration;
    private readonly RoleConfiguration _role;
    private readonly AppCommands _app;
    private readonly string _host;
    private readonly bool _prunes;
    private readonly ComparedContainer _container;

    /// <param name="configuration">The configuration, with the version that is wanted.</param>
    /// <param name="role">The role.</param>
    /// <param name="host">The host.</param>
    /// <param name="number">Its number in the script.</param>
    /// <param name="envFile">Its secret variables.</param>
    /// <param name="prunes">Whether the operation removes old containers.</param>
    public LiveRole(KamalConfiguration configuration, RoleConfiguration role, string host, int number, StepInput envFile, bool prunes)
    {
        (_configuration, _role, _host, _prunes) = (configuration, role, host, prunes);
        _app = new(configuration, role);
        _container = new(_app.ContainerName(), number)
        {
            Create = (image, mark) => _app.Create(host, image, mark),
            Input = envFile,
            RestartPolicy = role.RestartPolicy,
            HasRandomHostName = true,
            KeyOfMount = KeyOf,
        };
    }

    /// <summary>Its own certificate; null if it has none.</summary>
    public CertificateSteps? Certificate { get; init; }

    public string Name => _role.Name;

    public IEnumerable<Step> Look(string run) => _container.Look(run).Select(step => step with { Role = _role.Name });

    /// <summary>What differs.</summary>
    /// <param name="result">The script's result.</param>
    /// <param name="containers">The app's containers on the host, in any state, the newest first.</param>
    /// <param name="proxyState">The proxy's services; undefined if the proxy does not answer.</param>
    /// <param name="image">The ID of the image on the host; null if it has none.</param>
    /// <param name="sizes">Finds an image's size on the hosts that have it.</param>
    public IEnumerable<KamalPlanChange> Changes(
        ScriptResult result, IReadOnlyList<KamalContainer> containers, JsonElement proxyState, string? image, Func<string, long?> sizes)
    {
        var mine = containers.Where(container => container.Role == _role.Name).ToList();
        var running = mine.Where(container => container.State is KamalContainerState.Running or KamalContainerState.Restarting).ToList();
        var name = _app.ContainerName();
        var isNew = running.All(container => container.ContainerName != name);
        IEnumerable<KamalPlanChange> changes = isNew
            ? NewVersion(running, mine, image is not null, sizes)
            : [.. running.Where(container => container.ContainerName != name).Select(Stop), .. Same(result, image)];
        return changes.Concat(Route(proxyState, isNew));
    }

    /// <summary>Whether the proxy has the role's route and does not pass requests on.</summary>
    public bool IsInMaintenance(JsonElement proxyState) =>
        _role.IsProxied && RouteDrift.Find(proxyState, _app.ContainerPrefix) is { } service && RouteDrift.IsHeld(service);

    /// <summary>An image's name, ID and size, from <see cref="DriftCommands.Image"/>.</summary>
    public static (string Name, string Id, long Size)? ParseImage(string name, StepResult? step) =>
        step is { Status: StepStatus.Succeeded } && step.Output.Split(' ') is [var id, var size]
            && long.TryParse(size, CultureInfo.InvariantCulture, out var bytes) ? (name, id, bytes) : null;

    private IEnumerable<KamalPlanChange> NewVersion(
        List<KamalContainer> running, List<KamalContainer> mine, bool image, Func<string, long?> sizes)
    {
        var name = _app.ContainerName();
        if (!image)
        {
            var absolute = _configuration.AbsoluteImage;
            yield return Change("Pull", absolute) with { Size = sizes(absolute), To = _configuration.RequiredVersion };
        }

        yield return Change("Deploy", name) with
        {
            Key = "version",
            From = running.Select(old => _app.VersionOf(old.ContainerName)).FirstOrDefault(),
            To = _configuration.RequiredVersion,
        };
        foreach (var old in running) yield return Stop(old);
        if (!_prunes) yield break;
        // What runs now is the newest of those that are stopped then.
        foreach (var old in mine.Where(old => old.ContainerName != name).Skip(_configuration.RetainContainers))
        {
            yield return Change("Remove", old.ContainerName) with { From = $"{old.State}".ToLowerInvariant() };
        }
    }

    private IEnumerable<KamalPlanChange> Same(ScriptResult result, string? image)
    {
        if (_container.Read(result) is not { } found) yield break;
        var images = found.Image == _configuration.AbsoluteImage
            ? ImageDrift.Moved(found.Image, found.ImageId, image)
            : ImageDrift.Between(found.Image, _configuration.AbsoluteImage);
        foreach (var difference in Difference.Merged([.. images, .. found.Differences]))
        {
            yield return Change("Deploy", _container.Name) with
            {
                Key = difference.Key, Names = difference.Names, From = difference.From, To = difference.To,
            };
        }

        if (found.Problem is { } problem)
        {
            yield return Change("Deploy", _container.Name) with { To = $"cannot be created: {problem}" };
        }
    }

    private IEnumerable<KamalPlanChange> Route(JsonElement state, bool isNew)
    {
        if (!_role.IsProxied || state.ValueKind == JsonValueKind.Undefined) yield break;
        var service = RouteDrift.Find(state, _app.ContainerPrefix);
        if (service is null && !isNew) yield return Change("Route", _app.ContainerPrefix) with { To = _container.Name };
        if (service is not { } route) yield break;
        foreach (var difference in RouteDrift.Between(_configuration, _role.Proxy!, route, Certificate?.FolderInProxy))
        {
            yield return Change("Route", _app.ContainerPrefix) with { Key = difference.Key, From = difference.From, To = difference.To };
        }
    }

    private string KeyOf(string bind) =>
        ContainerDrift.Destination(bind) == _role.AssetPath
            || bind.Contains(HostPaths.AssetVolumes(_configuration) + "/", StringComparison.Ordinal) ? "asset_path" : "volumes";

    private KamalPlanChange Stop(KamalContainer container) => Change("Stop", container.ContainerName);

    private KamalPlanChange Change(string action, string target) => new(_host, nameof(KamalContainerKind.App), action)
    {
        Role = _role.Name, Target = target, AppliedBy = AppliedBy,
    };
}
