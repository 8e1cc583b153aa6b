using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>Which files and directories on a host the app has left there.</summary>
/// <param name="configuration">The configuration.</param>
/// <param name="host">What there is on the host.</param>
/// <param name="app">What of it is the service's.</param>
/// <param name="mounts">What containers mount that stay.</param>
internal sealed class OrphanFiles(KamalConfiguration configuration, HostInventory host, KnownApp app, IEnumerable<string> mounts)
{
    private readonly List<string> _mounts = [.. mounts];

    public IEnumerable<KamalOrphan> Find()
    {
        foreach (var file in host.Files)
        {
            if (Explain(file) is not { } found) continue;
            yield return found.Lost.Of(host.HostName, found.Kind, file.Path) with { CreatedAt = file.ModifiedAt, Size = file.Size };
        }
    }

    private (KamalOrphanKind Kind, Lost Lost)? Explain(FoundFile file) =>
        Below(HostPaths.Apps(configuration), file) is { } inApp ? InApp(inApp)
        : Below(HostPaths.ProxyApps(configuration), file) is { } inProxy ? InProxy(inProxy)
        : Below(".", file) is [var name] && file.IsDirectory ? Data(name)
        : Below(configuration.RunDirectory, file) is [var held] && file.IsDirectory ? Lock(held)
        : null;

    /// <summary>In an app's directory: the whole of it, or what it has of one role, accessory or version.</summary>
    private (KamalOrphanKind Kind, Lost Lost)? InApp(string[] path)
    {
        if (app.DestinationOf(path[0]) is not { } destination) return null;
        if (app.LostApp(destination) is { } lost) return path.Length == 1 ? (KamalOrphanKind.Directory, lost) : null;
        return path switch
        {
            [_, "env", "roles", var name] => Of(KamalOrphanKind.EnvFile, app.LostRole(destination, NameOf(name))),
            [_, "env", "accessories", var name] => Of(KamalOrphanKind.EnvFile, app.LostAccessory(destination, NameOf(name))),
            [_, "assets", "extracted" or "volumes", var name] => Of(KamalOrphanKind.Assets, LostAssets(destination, name)),
            _ => null,
        };
    }

    private (KamalOrphanKind Kind, Lost Lost)? InProxy(string[] path)
    {
        if (app.DestinationOf(path[0]) is not { } destination) return null;
        if (app.LostApp(destination) is { } lost) return path.Length == 1 ? (KamalOrphanKind.Directory, lost) : null;
        return path is [_, "tls", var name]
            ? Of(KamalOrphanKind.Directory, LostCertificate(destination, name))
            : null;
    }

    /// <summary>A certificate's directory has the name of a role or of an accessory.</summary>
    private Lost? LostCertificate(string destination, string name) =>
        app.LostRole(destination, name) is { } role && app.LostAccessory(destination, name) is { } accessory
            ? configuration.FindAccessory(name) is null ? role : accessory
            : null;

    /// <summary>
    /// Assets are in ROLE-VERSION, and roles as well as versions may have hyphens: assets that may belong to a role that runs here are
    /// kept.
    /// </summary>
    private Lost? LostAssets(string destination, string name) =>
        configuration.Roles.Any(role => role.RunsOn(host.HostName) && name.StartsWith(role.Name + "-", StringComparison.Ordinal)) ? null
        : app.Roles.Where(role => role.Destination == destination && name.StartsWith(role.Name + "-", StringComparison.Ordinal))
            .OrderByDescending(role => role.Name.Length).Select(role => app.LostRole(destination, role.Name)).FirstOrDefault();

    private (KamalOrphanKind Kind, Lost Lost)? Data(string name)
    {
        if (app.HasMount(name) || _mounts.Exists(mount => mount.Split('/').Contains(name))) return null;
        return Of(KamalOrphanKind.Data, app.LostAccessoryNamed(name));
    }

    private (KamalOrphanKind Kind, Lost Lost)? Lock(string name) =>
        name.StartsWith("lock-", StringComparison.Ordinal) && app.DestinationOf(name["lock-".Length..]) is { } destination
            ? Of(KamalOrphanKind.Lock, app.LostApp(destination)) : null;

    private static (KamalOrphanKind Kind, Lost Lost)? Of(KamalOrphanKind kind, Lost? lost) => lost is null ? null : (kind, lost);

    private static string NameOf(string file) => file.EndsWith(".env", StringComparison.Ordinal) ? file[..^".env".Length] : file;

    private static string[]? Below(string directory, FoundFile file) =>
        file.Path.StartsWith(directory + "/", StringComparison.Ordinal) ? file.Path[(directory.Length + 1)..].Split('/') : null;
}
