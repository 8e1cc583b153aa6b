using System.Globalization;

namespace Kamal.Engine.Results;

/// <summary>Something that the app has left on a host, and that the configuration no longer has.</summary>
/// <param name="HostName">The host.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Name">The container's, route's, image's or volume's name, or the path; a relative one begins in the account's home.</param>
public sealed record KamalOrphan(string HostName, KamalOrphanKind Kind, string Name)
{
    /// <summary>What the configuration no longer has.</summary>
    public KamalOrphanReason Reason { get; init; }

    /// <summary>The same as a sentence's end, such as <c>the configuration has no role worker</c>.</summary>
    public string Why { get; init; } = "";

    /// <summary>The role that it belonged to, if it belonged to one.</summary>
    public string? Role { get; init; }

    /// <summary>The accessory that it belonged to, if it belonged to one.</summary>
    public string? Accessory { get; init; }

    /// <summary>The destination that it belonged to, or null.</summary>
    public string? Destination { get; init; }

    /// <summary>The container's whole ID; null for all else.</summary>
    public string? Id { get; init; }

    /// <summary>The container's state, as Docker reports it; null for all else.</summary>
    public string? State { get; init; }

    /// <summary>When it was created, or last modified if it is a file or directory; null if that is not known.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The size in bytes; null if it is not known.</summary>
    public long? Size { get; init; }

    /// <summary>Whether it may hold data. <c>Remove-KamalOrphan</c> then removes it only with <c>-IncludeData</c>.</summary>
    public bool IsData => Kind is KamalOrphanKind.Data or KamalOrphanKind.Volume;

    /// <summary>What it is in a sentence, such as <c>container shop-worker-v1 (running)</c>.</summary>
    public override string ToString()
    {
        var size = Size is { } bytes and >= 100_000
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1_000_000m:0.#} MB") : null;
        string[] facts = [.. new[] { State, size }.OfType<string>()];
        return $"{Word} {HostText.Quote(Name)}{(facts.Length > 0 ? $" ({HostText.Quote(string.Join(", ", facts))})" : "")}";
    }

    /// <summary>The kind in a sentence.</summary>
    internal string Word => Kind switch
    {
        KamalOrphanKind.EnvFile => "environment file",
        KamalOrphanKind.Data => "data directory",
        KamalOrphanKind.Host => "former host",
        _ => $"{Kind}".ToLowerInvariant(),
    };
}

/// <summary>The kind of an orphan. Orphans are removed in this order.</summary>
public enum KamalOrphanKind : long
{
    /// <summary>A service of kamal-proxy.</summary>
    Route,

    /// <summary>A container.</summary>
    Container,

    /// <summary>An environment file, with the secrets of a role or accessory.</summary>
    EnvFile,

    /// <summary>A directory with a version's assets.</summary>
    Assets,

    /// <summary>Another directory of Kamal's: an app's, or one with certificates and error pages for the proxy.</summary>
    Directory,

    /// <summary>A deploy lock that is held.</summary>
    Lock,

    /// <summary>An accessory's directory, with its files and its data.</summary>
    Data,

    /// <summary>A Docker volume.</summary>
    Volume,

    /// <summary>An image.</summary>
    Image,

    /// <summary>kamal-proxy itself, on a host where no app is left.</summary>
    Proxy,

    /// <summary>A former host that cannot be read now. To remove it is to forget it.</summary>
    Host,
}

/// <summary>Why something is an orphan.</summary>
public enum KamalOrphanReason : long
{
    /// <summary>The configuration has no such role.</summary>
    RoleGone,

    /// <summary>The role runs on other hosts only.</summary>
    RoleMoved,

    /// <summary>The role or accessory has no <c>proxy</c> any more.</summary>
    NotProxied,

    /// <summary>The configuration has no such accessory, or its container has another name.</summary>
    AccessoryGone,

    /// <summary>The accessory runs on other hosts only.</summary>
    AccessoryMoved,

    /// <summary>The configuration has no such host.</summary>
    HostGone,

    /// <summary>The destination has no file any more.</summary>
    DestinationGone,
}
