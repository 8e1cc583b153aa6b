using System.Collections;
using Kamal.Engine.CommandLine;
using Kamal.Engine.Events;
using Kamal.Sessions;

namespace Kamal.Completion;

/// <summary>Completes the IDs of containers that cmdlets have seen, and says what they are and where.</summary>
public sealed class ContainerCompleter : KamalCompleter
{
    private SeenNames? _seen;

    /// <inheritdoc/>
    protected override IEnumerable<string> Values(IDictionary bound) =>
        (_seen = Seen(bound)).Containers.Where(container => container.IsApp).Select(container => container.Id).Distinct();

    /// <inheritdoc/>
    protected override string Describe(string value) => _seen is null ? value : Describe(_seen, value);

    /// <summary>A line about a container: "shop-web-54e13d6 on web1, seen 3h ago".</summary>
    internal static string Describe(SeenNames seen, string id)
    {
        var container = seen.Containers.First(container => container.Id == id);
        var age = Age.Of(DateTimeOffset.UtcNow - container.SeenAt);
        return EventGuard.OfProcess().Line($"{container.Name} on {container.HostName}, seen {age} ago");
    }
}

/// <summary>Completes the names of orphans that cmdlets have seen, and says what they are and where.</summary>
public sealed class OrphanCompleter : KamalCompleter
{
    private SeenNames? _seen;

    /// <inheritdoc/>
    protected override IEnumerable<string> Values(IDictionary bound) =>
        (_seen = Seen(bound)).Orphans.Select(orphan => orphan.Name).Distinct();

    /// <inheritdoc/>
    protected override string Describe(string value)
    {
        var orphans = _seen?.Orphans.Where(orphan => orphan.Name == value).ToList() ?? [];
        return orphans is [{ Kind: var kind }, ..]
            ? EventGuard.OfProcess().Line($"{kind} on {string.Join(", ", orphans.Select(orphan => orphan.HostName))}")
            : value;
    }
}

/// <summary>Completes the owners of the deploy lock that cmdlets have seen.</summary>
public sealed class LockOwnerCompleter : KamalCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Values(IDictionary bound) => Seen(bound).Owners;
}

/// <summary>Completes the hosts that the session has connections to.</summary>
public sealed class ConnectionCompleter : KamalCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Values(IDictionary bound) => KamalSession.Current is { HasPool: true } session
        ? session.ConnectionsTo(["*"]).Select(connection => connection.HostName).Distinct()
        : [];
}

/// <summary>Completes the types of output that a build can have.</summary>
public sealed class BuildOutputCompleter : KamalCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Values(IDictionary bound) => Grammar.BuildOutputs;
}
