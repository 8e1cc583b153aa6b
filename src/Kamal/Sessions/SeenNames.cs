using Kamal.Engine.Results;

namespace Kamal.Sessions;

/// <summary>A version in results.</summary>
/// <param name="Served">Whether it has become healthy on a host; null if that was not seen.</param>
/// <param name="CreatedAt">When its container or image was made; null if that was not seen.</param>
internal sealed record SeenVersion(string Version, bool? Served = null, DateTimeOffset? CreatedAt = null);

/// <summary>A container in results.</summary>
/// <param name="SeenAt">When it was seen.</param>
internal sealed record SeenContainer(string Id, string Name, string HostName, bool IsApp, DateTimeOffset SeenAt);

/// <summary>An orphan in results.</summary>
/// <param name="Kind">What it is: the name of a KamalOrphanKind.</param>
internal sealed record SeenOrphan(string Name, string Kind, string HostName);

/// <summary>
/// The names in results of a project's cmdlets, for completion without connecting: versions, containers, orphans and owners of the deploy
/// lock. Used on the pipeline thread.
/// </summary>
internal sealed class SeenNames
{
    private const int MaxVersions = 50;
    private const int MaxContainers = 200;
    private const int MaxOwners = 3;
    private const int MaxOrphans = 100;

    private readonly List<SeenVersion> _versions = [];
    private readonly List<SeenContainer> _containers = [];
    private readonly List<string> _owners = [];
    private readonly List<SeenOrphan> _orphans = [];

    /// <summary>The versions, latest first.</summary>
    public IReadOnlyList<SeenVersion> Versions => _versions;

    /// <summary>The containers, latest first.</summary>
    public IReadOnlyList<SeenContainer> Containers => _containers;

    /// <summary>The owners of deploy locks, latest first.</summary>
    public IReadOnlyList<string> Owners => _owners;

    /// <summary>The orphans, latest first.</summary>
    public IReadOnlyList<SeenOrphan> Orphans => _orphans;

    /// <summary>Whether names have been added since it was read or saved.</summary>
    public bool HasChanged { get; set; }

    /// <summary>Remembers the names in a result. Versions that are the names of replaced containers are left out.</summary>
    public void Remember(object result)
    {
        foreach (var version in VersionsOf(result)) Add(version);
        switch (result)
        {
            case KamalContainer { ContainerId.Length: > 0 } container:
                Add(new SeenContainer(
                    container.ContainerId, container.ContainerName, container.HostName, container.Kind is KamalContainerKind.App,
                    DateTimeOffset.UtcNow));
                break;
            case KamalOrphan orphan:
                Add(new SeenOrphan(orphan.Name, orphan.Kind.ToString(), orphan.HostName));
                break;
            case KamalPlan { Orphans: { Length: > 0 } orphans }:
                foreach (var orphan in orphans.Reverse()) Remember(orphan);
                break;
            case KamalLock { Owner: { Length: > 0 } owner }:
                Put(_owners, owner, MaxOwners, other => other == owner);
                break;
        }
    }

    /// <summary>Adds a version, or what is newly known of it.</summary>
    public void Add(SeenVersion seen)
    {
        if (seen.Version.Length == 0 || VersionName.IsReplaced(seen.Version)) return;
        var known = _versions.Find(one => one.Version == seen.Version);
        Put(
            _versions,
            new(seen.Version, known?.Served is true ? true : seen.Served ?? known?.Served, seen.CreatedAt ?? known?.CreatedAt),
            MaxVersions, one => one.Version == seen.Version);
    }

    /// <summary>Adds a container.</summary>
    public void Add(SeenContainer seen) =>
        Put(_containers, seen, MaxContainers, one => one.Id == seen.Id && one.HostName == seen.HostName);

    /// <summary>Adds an orphan.</summary>
    public void Add(SeenOrphan seen) => Put(_orphans, seen, MaxOrphans, other => other == seen);

    /// <summary>Adds an owner of the deploy lock.</summary>
    public void AddOwner(string owner) => Put(_owners, owner, MaxOwners, other => other == owner);

    private void Put<T>(List<T> list, T item, int limit, Predicate<T> isSame)
    {
        list.RemoveAll(isSame);
        list.Insert(0, item);
        if (list.Count > limit) list.RemoveAt(limit);
        HasChanged = true;
    }

    private static IEnumerable<SeenVersion> VersionsOf(object result) => result switch
    {
        KamalDeployResult { Outcome: HostOutcome.Previewed } => [],
        KamalDeployResult deploy =>
        [
            new(deploy.PreviousVersion ?? "", true),
            new(deploy.Version, deploy.Outcome switch { HostOutcome.Succeeded => true, HostOutcome.Failed => false, _ => null }),
        ],
        KamalDeployment deployment =>
        [
            new(deployment.PreviousVersion ?? "", true),
            new(deployment.Version, deployment.Outcome switch
            {
                KamalDeploymentOutcome.Succeeded => true,
                KamalDeploymentOutcome.Failed => false,
                _ => null,
            }),
        ],
        KamalContainer { Kind: KamalContainerKind.App } container => [new(container.Version ?? "", null, container.CreatedAt)],
        KamalAppVersion version => [new(version.Version ?? "", true)],
        _ => [],
    };
}
