using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>
/// Decides what on a host is an orphan: what is shown to belong to the service, and neither the configuration nor another destination has.
/// What may belong to another app is not an orphan.
/// </summary>
internal sealed class OrphanRules
{
    private readonly KamalConfiguration _configuration;
    private readonly HostInventory _host;
    private readonly KnownApp _app;
    private readonly Dictionary<FoundContainer, Lost> _containers = [];

    /// <param name="configuration">The configuration.</param>
    /// <param name="sources">What else is known.</param>
    /// <param name="host">What there is on the host.</param>
    public OrphanRules(KamalConfiguration configuration, OrphanSources sources, HostInventory host)
    {
        (_configuration, _host) = (configuration, host);
        _app = new(configuration, sources, host);
        foreach (var container in host.Containers)
        {
            if (LostContainer(container) is { } lost) _containers.Add(container, lost);
        }
    }

    /// <summary>The orphans, in the order in which they are removed.</summary>
    public IEnumerable<KamalOrphan> Find()
    {
        List<KamalOrphan> found =
        [
            .. Routes(), .. _containers.Select(pair => Container(pair.Key, pair.Value)),
            .. new OrphanFiles(_configuration, _host, _app, Kept.SelectMany(one => one.Mounts)).Find(), .. Volumes(), .. Images(),
        ];
        return found.Concat(Proxy(found)).OrderBy(one => one.Kind).ThenBy(one => one.Name, StringComparer.Ordinal);
    }

    private IEnumerable<FoundContainer> Kept => _host.Containers.Where(one => !_containers.ContainsKey(one));

    private Lost? LostContainer(FoundContainer container) => container switch
    {
        { IsOfApp: true } => container.Labels.Service == _app.Service
            ? _app.LostRole(container.Labels.Destination, container.Labels.Role) : null,
        // An accessory has no role, and its container's name is its service.
        { Labels: { Service.Length: > 0, Role.Length: 0 } } => container.Labels.Service == container.Name
            ? _app.LostAccessoryNamed(container.Name) : null,
        _ => null,
    };

    private KamalOrphan Container(FoundContainer container, Lost lost) => Of(KamalOrphanKind.Container, container.Name, lost) with
    {
        Id = container.Id, State = container.State, CreatedAt = container.CreatedAt,
    };

    private IEnumerable<KamalOrphan> Routes()
    {
        foreach (var route in _host.Routes ?? [])
        {
            if (LostRoute(route) is { } lost) yield return Of(KamalOrphanKind.Route, route.Name, lost);
        }
    }

    private Lost? LostRoute(FoundRoute route)
    {
        var targets = route.Targets.Select(_host.Find).OfType<FoundContainer>().ToList();
        if (_app.MayBeOthersRoute(route.Name)) return null;
        return targets.Count == 0 ? LostRouteNamed(route.Name)
            : targets.TrueForAll(target => RouteOf(target) == route.Name)
                ? _containers.TryGetValue(targets[0], out var lost) ? lost : LostRouteNamed(route.Name)
            : null;
    }

    /// <summary>The route that a container of the service has; null for other services' containers.</summary>
    private string? RouteOf(FoundContainer container) =>
        container.IsOfApp && container.Labels.Service == _app.Service
            ? KnownApp.RouteName(_app.Service, container.Labels.Role, container.Labels.Destination)
        : !container.IsOfApp && container.Labels.Service == container.Name ? container.Name
        : null;

    /// <summary>Why a route is not configured, by the roles and accessories that are known; null if it is none of theirs.</summary>
    private Lost? LostRouteNamed(string name) =>
        _app.Roles.Where(role => KnownApp.RouteName(_app.Service, role.Name, role.Destination) == name)
            .Select(role => _app.LostRole(role.Destination, role.Name) ?? Unproxied(Lost.RoleOf(_configuration, role.Name), role.Name))
            .Concat(_app.Accessories.Where(one => one.Container == name).Select(one => _app.LostAccessoryNamed(name)
                ?? Unproxied(Lost.AccessoryOf(_configuration, one.Name), one.Name)))
            .FirstOrDefault();

    /// <summary>It is configured, and still no proxied role or accessory has the route.</summary>
    private static Lost Unproxied(Lost lost, string name) => lost with
    {
        Reason = KamalOrphanReason.NotProxied, Why = $"{name} has no proxy in the configuration",
    };

    /// <summary>Volumes that only orphans mount.</summary>
    private IEnumerable<KamalOrphan> Volumes() => _containers
        .SelectMany(pair => pair.Key.Mounts.Where(mount => !mount.Contains('/', StringComparison.Ordinal))
            .Select(mount => (Name: mount, Lost: pair.Value)))
        .DistinctBy(volume => volume.Name)
        .Where(volume => !Kept.Any(one => one.Mounts.Contains(volume.Name)) && !_app.HasVolume(volume.Name))
        .Select(volume => Of(KamalOrphanKind.Volume, volume.Name, volume.Lost));

    private IEnumerable<KamalOrphan> Images()
    {
        foreach (var image in _host.Images)
        {
            var name = image.Version == "<none>" ? image.ImageId : $"{image.Repository}:{image.Version}";
            if (Kept.Any(one => Uses(one, image)) || LostImage(image) is not { } lost) continue;
            yield return Of(KamalOrphanKind.Image, name, lost) with
            {
                CreatedAt = image.CreatedAt, Size = image.Size,
            };
        }
    }

    private Lost? LostImage(KamalImage image)
    {
        var isOwn = _host.OwnImages.Contains(image.ImageId) && image.Repository == KnownApp.Familiar(_configuration.Repository);
        if (isOwn && _app.Gone.FirstOrDefault(one => one.Length > 0 && image.Version == $"latest-{one}") is { } gone)
        {
            return Lost.DestinationOf(_configuration, gone);
        }

        // The latest tag of a destination that exists is needed until its host is gone.
        if (isOwn && !_app.RunsHere) return LostEverywhere();
        if (image.Version.StartsWith("latest", StringComparison.Ordinal) && isOwn) return null;
        return _app.HasImage(image) ? null
            : _containers.Where(pair => Uses(pair.Key, image)).Select(pair => pair.Value).FirstOrDefault();
    }

    private Lost LostEverywhere() => _app.IsHostGone ? Lost.HostOf(_configuration, _host.HostName)
        : new(KamalOrphanReason.RoleMoved, "no role runs on this host") { Destination = _configuration.Destination };

    /// <summary>Whether a container was made of an image, by its name, or by its ID if the name is another image's now.</summary>
    private static bool Uses(FoundContainer container, KamalImage image) => KnownApp.IsNameOf(container.Image, image)
        || (container.Image.Length >= BootScript.ShortId && Hex(image.ImageId).StartsWith(Hex(container.Image), StringComparison.Ordinal));

    private static string Hex(string id) => id.Replace("sha256:", "", StringComparison.Ordinal);

    /// <summary>The proxy, if no app is left on a former host: neither files nor containers nor routes but those that go.</summary>
    private IEnumerable<KamalOrphan> Proxy(List<KamalOrphan> orphans)
    {
        var container = _host.Containers.FirstOrDefault(one => one.Name == ProxyCommands.ContainerName);
        if (!_app.IsHostGone || _app.IsUsed || container is not { } proxy) return [];
        bool Goes(KamalOrphanKind kind, string name) => orphans.Exists(one => one.Kind == kind && one.Name == name);
        var apps = HostPaths.Apps(_configuration) + "/";
        var isLeft = Kept.Any(one => one.Labels.Service.Length > 0)
            || (proxy.IsRunning && _host.Routes is null)
            || (_host.Routes ?? []).Any(route => !Goes(KamalOrphanKind.Route, route.Name))
            || _host.Files.Any(file => file.Path.StartsWith(apps, StringComparison.Ordinal)
                && !file.Path[apps.Length..].Contains('/', StringComparison.Ordinal) && !Goes(KamalOrphanKind.Directory, file.Path));
        return isLeft ? [] : [Container(proxy, Lost.HostOf(_configuration, _host.HostName)) with { Kind = KamalOrphanKind.Proxy }];
    }

    private KamalOrphan Of(KamalOrphanKind kind, string name, Lost lost) => lost.Of(_host.HostName, kind, name);
}
