namespace Kamal.Cmdlets;

/// <summary>
/// A cmdlet that does one thing on hosts and roles. What comes by the pipeline is collected and done together,
/// so that the hosts work at the same time and the lock is taken once.
/// </summary>
public abstract class KamalTargetCmdlet : KamalLockingCmdlet
{
    private readonly List<Target> _targets = [];

    /// <summary>What is done, as it completes "Performing the operation …".</summary>
    internal abstract string Action { get; }

    /// <summary>What it is done to, for the question of <c>-Confirm</c>.</summary>
    internal virtual string TargetText =>
        $"{(Role is { Length: > 0 } roles ? $"{string.Join(", ", roles)} on " : "")}{(HostName is { Length: > 0 } hosts ? string.Join(", ", hosts) : Primary ? "the primary host" : "all hosts")} of {ConfigFile}{(Destination is null ? "" : $" ({Destination})")}";

    /// <summary>What others lose by it too, a sentence each; read before anything is asked or changed.</summary>
    internal virtual IReadOnlyList<string> SharedWithOthers() => [];

    /// <summary>Does it, for <see cref="KamalConfigCmdlet.HostName"/>, <see cref="KamalConfigCmdlet.Role"/> and <see cref="KamalConfigCmdlet.Version"/>.</summary>
    internal abstract void Execute();

    /// <inheritdoc/>
    protected override void ProcessRecord() => _targets.Add(new(HostName, Role, Version, Items));

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach (var group in _targets.GroupBy(target => (Roles: Join(target.Roles), target.Version, Whole: target.Hosts is null)))
        {
            (HostName, Role, Version) = (Union(group.Select(target => target.Hosts)), group.First().Roles, group.Key.Version);
            Items = Union(group.Select(target => target.Items));
            var shared = SharedWithOthers();
            foreach (var sentence in shared) WriteWarning(sentence);
            if (Confirmed(string.Join(" ", shared.Prepend(shared.Count > 0 ? TargetText + "." : TargetText)), Action)) Execute();
        }
    }

    /// <summary>What else it is about besides hosts and roles: names of accessories, for one.</summary>
    internal virtual string[]? Items { get; set; }

    private static string Join(string[]? values) => values is null ? "" : string.Join('\n', values);

    private static string[]? Union(IEnumerable<string[]?> lists)
    {
        var all = lists.ToList();
        return all.Contains(null) ? null : [.. all.SelectMany(list => list!).Distinct()];
    }

    private sealed record Target(string[]? Hosts, string[]? Roles, string? Version, string[]? Items);
}
