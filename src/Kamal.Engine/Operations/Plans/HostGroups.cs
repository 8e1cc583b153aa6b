using System.Collections.Immutable;

namespace Kamal.Engine.Operations;

/// <summary>Hosts that take turns.</summary>
internal static class HostGroups
{
    /// <summary>All hosts at once, or rolling: one after another.</summary>
    public static IEnumerable<ImmutableArray<string>> Of(ImmutableArray<string> hosts, bool rolling) =>
        hosts.IsEmpty ? [] : rolling ? hosts.Select(host => ImmutableArray.Create(host)) : [hosts];
}
