using System.Collections.Immutable;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>
/// What a host has of the service, according to the labels of containers, environment files, and what earlier runs knew. Names alone are no
/// evidence, since <c>shop-admin</c> may be the accessory <c>admin</c> of <c>shop</c> or an app of its own.
/// </summary>
internal sealed class KnownApp
{
    private readonly KamalConfiguration _configuration;
    private readonly OrphanSources _sources;
    private readonly HostInventory _host;
    private readonly string _apps;

    public KnownApp(KamalConfiguration configuration, OrphanSources sources, HostInventory host)
    {
        (_configuration, _sources, _host) = (configuration, sources, host);
        _apps = HostPaths.Apps(configuration) + "/";
        Own = configuration.Destination ?? "";
        Gone = [.. Remembered.Select(one => one.Destination)
            .Concat(host.Containers.Where(one => one.IsOfApp && one.Labels.Service == Service).Select(one => one.Labels.Destination))
            .Concat(TaggedDestinations())
            .Distinct().Where(destination => !sources.Has(configuration, destination))];
        Roles = [.. Containers().Select(one => (one.Labels.Destination, one.Labels.Role))
            .Concat(Remembered.SelectMany(one => one.Roles.Select(role => (one.Destination, role))))
            .Concat(EnvFiles("roles")).Distinct()];
        Accessories = [.. EnvFiles("accessories").Select(one => (one.Destination, one.Name, Container: ContainerOf(one.Name)))
            .Concat(Remembered.SelectMany(one => one.Accessories.Select(pair => (one.Destination, pair.Key, pair.Value)))).Distinct()];
    }

    public string Service => _configuration.Service;

    /// <summary>The destination that is worked on; empty for none.</summary>
    public string Own { get; }

    /// <summary>The service's destinations that no longer exist.</summary>
    public ImmutableArray<string> Gone { get; }

    /// <summary>Roles that the host has or had, with their destinations: this one, and those that are gone.</summary>
    public ImmutableArray<(string Destination, string Name)> Roles { get; }

    /// <summary>Accessories that the host has or had, with the names of their containers.</summary>
    public ImmutableArray<(string Destination, string Name, string Container)> Accessories { get; }

    /// <summary>Whether the configuration does not have the host.</summary>
    public bool IsHostGone => !_configuration.AllHosts.Contains(_host.HostName);

    /// <summary>Whether a role of the service runs on the host, in any destination.</summary>
    public bool RunsHere => Configured.Any(one => one is null || one.AppHosts.Contains(_host.HostName));

    /// <summary>Whether the configuration has anything on the host, in any destination.</summary>
    public bool IsUsed => Configured.Any(one => one is null || one.AllHosts.Contains(_host.HostName));

    /// <summary>The configurations of all destinations that exist; null for one that could not be loaded.</summary>
    private IEnumerable<KamalConfiguration?> Configured => _sources.Others.Select(other => other.Configuration).Prepend(_configuration);

    private IEnumerable<RememberedHost> Remembered => _sources.Remembered.Where(one =>
        one.HostName == _host.HostName && (one.Destination == Own || !_sources.Has(_configuration, one.Destination)));

    /// <summary><c>SERVICE[-DESTINATION]</c>, the name of the app's directory.</summary>
    public string AppName(string destination) => destination.Length == 0 ? Service : $"{Service}-{destination}";

    /// <summary><c>SERVICE-ROLE[-DESTINATION]</c>, the name of the role's route.</summary>
    public static string RouteName(string service, string role, string destination) =>
        destination.Length == 0 ? $"{service}-{role}" : $"{service}-{role}-{destination}";

    /// <summary>This destination, or one that is gone, whose directory has a name; null for other apps' directories.</summary>
    public string? DestinationOf(string appName) =>
        IsShared(appName) ? null : appName == AppName(Own) ? Own : Gone.FirstOrDefault(one => AppName(one) == appName);

    /// <summary>Why a destination's app is not configured on the host; null if it is.</summary>
    public Lost? LostApp(string destination) =>
        Gone.Contains(destination) ? Lost.DestinationOf(_configuration, destination)
        : destination == Own && IsHostGone ? Lost.HostOf(_configuration, _host.HostName)
        : null;

    /// <summary>Why a role is not configured on the host; null if it is, or may be.</summary>
    public Lost? LostRole(string destination, string role)
    {
        if (LostApp(destination) is { } lost) return lost with { Role = role };
        if (destination != Own) return null;
        return _configuration.FindRole(role) is not { } configured ? Lost.RoleOf(_configuration, role)
            : configured.RunsOn(_host.HostName) ? null : Lost.MovedRole(_configuration, role);
    }

    /// <summary>Why an accessory is not configured on the host; null if it is, or may be.</summary>
    public Lost? LostAccessory(string destination, string name)
    {
        if (LostApp(destination) is { } lost) return lost with { Accessory = name };
        if (destination != Own) return null;
        return _configuration.FindAccessory(name) is not { } configured ? Lost.AccessoryOf(_configuration, name)
            : configured.Hosts.Contains(_host.HostName) ? null : Lost.MovedAccessory(_configuration, name);
    }

    /// <summary>
    /// Why a container or directory of an accessory's name is not configured; null if it is, if another app may have it, or if nothing
    /// shows that it was an accessory of this service.
    /// </summary>
    public Lost? LostAccessoryNamed(string container)
    {
        if (Configured.Any(one => one is null || HasAccessoryContainer(one, container)) || HasRival(container)) return null;
        return Accessories.Where(one => one.Container == container)
            .Select(one => LostAccessory(one.Destination, one.Name) ?? Lost.AccessoryOf(_configuration, one.Name) with
            {
                Why = $"the container of the accessory {one.Name} now has another name",
            }).FirstOrDefault();
    }

    /// <summary>Whether another app has an accessory whose container has this name: it has an environment file of it.</summary>
    private bool HasRival(string container) => OtherFiles("accessories").Any(one =>
        Splits(one.App).Any(split => split.Service != Service && $"{split.Service}-{one.Name}" == container));

    /// <summary>Whether a route may be another app's or another destination's, by the files and labels that it has on the host.</summary>
    public bool MayBeOthersRoute(string route) =>
        _host.Containers.Any(one => one.IsOfApp && !IsOurs(one) && RouteName(
            one.Labels.Service, one.Labels.Role, one.Labels.Destination) == route)
        || OtherFiles("roles").Any(one => Splits(one.App).Any(split => RouteName(split.Service, one.Name, split.Destination) == route))
        || HasRival(route)
        || Configured.Any(one => one is null || Routes(one).Contains(route));

    /// <summary>Whether a volume is configured, in any destination.</summary>
    public bool HasVolume(string volume) => Configured.Any(one => one is null
        || one.Volumes.Concat(one.Accessories.SelectMany(accessory => accessory.Volumes)).Any(text => text.Split(':')[0] == volume));

    /// <summary>Whether a path is mounted by an accessory or the app, in any destination.</summary>
    public bool HasMount(string directory) => Configured.Any(one => one is null || one.Volumes
        .Concat(one.Accessories.SelectMany(accessory => accessory.Volumes))
        .Concat(one.Accessories.SelectMany(accessory => accessory.Directories.Select(item => item.Local)))
        .Any(text => text.Split(':')[0].Split('/').Contains(directory)));

    /// <summary>Whether an image is that of a configured accessory, in any destination.</summary>
    public bool HasImage(KamalImage image) =>
        Configured.Any(one => one is null || one.Accessories.Any(accessory => IsNameOf(accessory.Image, image)));

    /// <summary>Whether a name, as configured or as a container was started with it, is that of an image.</summary>
    public static bool IsNameOf(string name, KamalImage image) =>
        Familiar(name) is var known
        && (known == $"{image.Repository}:{image.Version}" || (image.Version == "latest" && known == image.Repository));

    /// <summary>An image's name as Docker lists it: those of Docker Hub without their registry.</summary>
    public static string Familiar(string image)
    {
        var name = image.StartsWith("docker.io/", StringComparison.Ordinal) ? image["docker.io/".Length..] : image;
        return name.StartsWith("library/", StringComparison.Ordinal) ? name["library/".Length..] : name;
    }

    /// <summary>Whether a container belongs to this destination, or to one that is gone.</summary>
    private bool IsOurs(FoundContainer container) => container.Labels.Service == Service
        && (container.Labels.Destination == Own || Gone.Contains(container.Labels.Destination));

    private IEnumerable<FoundContainer> Containers() => _host.Containers.Where(one => one.IsOfApp && IsOurs(one));

    /// <summary>The destinations of images that are tagged as their latest ones.</summary>
    private IEnumerable<string> TaggedDestinations() => _host.Images
        .Where(image => _host.OwnImages.Contains(image.ImageId) && image.Version.StartsWith("latest-", StringComparison.Ordinal))
        .Select(image => image.Version["latest-".Length..]);

    /// <summary>
    /// Whether another service, with a destination or without one, has the same directory: it has a container of a role or, with an
    /// environment file in the directory, of an accessory.
    /// </summary>
    private bool IsShared(string appName) => _host.Containers.Any(one => one.IsOfApp
        ? one.Labels.Service != Service
            && (one.Labels.Destination.Length == 0 ? one.Labels.Service : $"{one.Labels.Service}-{one.Labels.Destination}") == appName
        : appName != Service && one.Labels.Service == one.Name
            && AllEnvFiles("accessories").Any(file => file.App == appName && $"{appName}-{file.Name}" == one.Name));

    private string ContainerOf(string accessory) => _configuration.FindAccessory(accessory)?.ServiceName ?? $"{Service}-{accessory}";

    private bool HasAccessoryContainer(KamalConfiguration configuration, string container) =>
        configuration.Accessories.Any(one => one.ServiceName == container && one.Hosts.Contains(_host.HostName));

    private IEnumerable<string> Routes(KamalConfiguration configuration) =>
        configuration.Roles.Where(role => role.IsProxied && role.RunsOn(_host.HostName))
            .Select(role => RouteName(configuration.Service, role.Name, configuration.Destination ?? ""))
            .Concat(configuration.Accessories.Where(accessory => accessory.IsProxied && accessory.Hosts.Contains(_host.HostName))
                .Select(accessory => accessory.ServiceName));

    /// <summary>The names of environment files in the directories of this destination and of those that are gone.</summary>
    private IEnumerable<(string Destination, string Name)> EnvFiles(string kind) => AllEnvFiles(kind)
        .Select(one => (Destination: DestinationOf(one.App), one.Name)).Where(one => one.Destination is not null)
        .Select(one => (one.Destination!, one.Name));

    /// <summary>
    /// Those in other apps' directories. Those of the service's other destinations are left out: their configuration says what they have.
    /// </summary>
    private IEnumerable<(string App, string Name)> OtherFiles(string kind) => AllEnvFiles(kind).Where(one =>
        DestinationOf(one.App) is null && _sources.Others.All(other => AppName(other.Name) != one.App || IsShared(one.App)));

    private IEnumerable<(string App, string Name)> AllEnvFiles(string kind) => _host.Files
        .Where(file => file.Path.StartsWith(_apps, StringComparison.Ordinal))
        .Select(file => file.Path[_apps.Length..].Split('/'))
        .Where(parts => parts is [_, "env", _, _] && parts[2] == kind && parts[3].EndsWith(".env", StringComparison.Ordinal))
        .Select(parts => (parts[0], parts[3][..^".env".Length]));

    /// <summary>What a directory's name may stand for: a service, or a service and a destination.</summary>
    private static IEnumerable<(string Service, string Destination)> Splits(string appName)
    {
        yield return (appName, "");
        for (var at = appName.IndexOf('-', StringComparison.Ordinal); at > 0; at = appName.IndexOf('-', at + 1))
        {
            yield return (appName[..at], appName[(at + 1)..]);
        }
    }
}

/// <summary>What the configuration no longer has.</summary>
internal sealed record Lost(KamalOrphanReason Reason, string Why)
{
    public string? Role { get; init; }

    public string? Accessory { get; init; }

    public string? Destination { get; init; }

    /// <summary>Something of it on a host.</summary>
    public KamalOrphan Of(string host, KamalOrphanKind kind, string name) => new(host, kind, name)
    {
        Reason = Reason, Why = Why, Role = Role, Accessory = Accessory, Destination = Destination,
    };

    public static Lost DestinationOf(KamalConfiguration configuration, string destination) =>
        new(KamalOrphanReason.DestinationGone, destination.Length == 0
            ? "the app is no longer deployed without a destination"
            : $"the file of destination {destination} no longer exists") { Destination = destination.Length == 0 ? null : destination };

    public static Lost HostOf(KamalConfiguration configuration, string host) =>
        new(KamalOrphanReason.HostGone, $"the configuration has no host {host}") { Destination = configuration.Destination };

    public static Lost RoleOf(KamalConfiguration configuration, string role) =>
        new(KamalOrphanReason.RoleGone, $"the configuration has no role {role}") { Role = role, Destination = configuration.Destination };

    public static Lost MovedRole(KamalConfiguration configuration, string role) =>
        new(KamalOrphanReason.RoleMoved, $"the role {role} does not run on this host")
        {
            Role = role, Destination = configuration.Destination,
        };

    public static Lost AccessoryOf(KamalConfiguration configuration, string name) =>
        new(KamalOrphanReason.AccessoryGone, $"the configuration has no accessory {name}")
        {
            Accessory = name, Destination = configuration.Destination,
        };

    public static Lost MovedAccessory(KamalConfiguration configuration, string name) =>
        new(KamalOrphanReason.AccessoryMoved, $"the accessory {name} does not run on this host")
        {
            Accessory = name, Destination = configuration.Destination,
        };
}
