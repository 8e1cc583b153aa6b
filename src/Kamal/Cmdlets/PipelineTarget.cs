using Kamal.Engine.Results;

namespace Kamal.Cmdlets;

/// <summary>What one pipeline object, or the command line, selects.</summary>
/// <param name="Hosts">The hosts; all, if null.</param>
/// <param name="Roles">The roles; all, if null.</param>
/// <param name="Version">The version, or null.</param>
/// <param name="Items">What else is worked on, such as accessories; all, if null.</param>
/// <param name="Kind">The kind of container that the object describes, or null.</param>
internal sealed record PipelineTarget(
    string[]? Hosts, string[]? Roles, string? Version, string[]? Items, KamalContainerKind? Kind)
{
    /// <summary>What must be the same, as text, where records compare arrays by reference.</summary>
    private string Key { get; init; } = "";

    /// <summary>The targets as those that one operation each can work on: hosts of the same items, then items of the same hosts.</summary>
    public static IReadOnlyList<PipelineTarget> Together(IEnumerable<PipelineTarget> targets) =>
    [
        .. targets
            .GroupBy(target => target with { Hosts = null, Roles = null, Items = null, Key = $"{Join(target.Roles)}|{Join(target.Items)}" })
            .Select(group => group.First() with { Hosts = Union(group.Select(target => target.Hosts)) })
            .GroupBy(target => target with { Hosts = null, Roles = null, Items = null, Key = $"{Join(target.Roles)}|{Join(target.Hosts)}" })
            .Select(group => group.First() with { Items = Union(group.Select(target => target.Items)) }),
    ];

    private static string Join(string[]? values) => values is null ? "" : string.Join('\n', values);

    private static string[]? Union(IEnumerable<string[]?> lists)
    {
        var all = lists.ToList();
        return all.Contains(null) ? null : [.. all.SelectMany(list => list!).Distinct()];
    }
}
