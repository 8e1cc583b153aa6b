using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>The commands that lead back from a boot that did not finish. They work as they are.</summary>
internal static class WayBack
{
    /// <summary>
    /// A rollback for each version that ran before; with host names unless all hosts are known to go back to the same one. Null if
    /// nothing ran before, or only the version that was booted.
    /// </summary>
    /// <param name="results">The results of all hosts and roles.</param>
    /// <param name="version">The version that was booted.</param>
    public static string? Of(IReadOnlyList<KamalDeployResult> results, string version)
    {
        var booted = results.Where(result => result.Outcome == HostOutcome.Succeeded && Before(result) is not null).ToList();
        var groups = booted.Where(result => Before(result) != version).GroupBy(result => Before(result)!).ToList();
        if (groups.Count == 0) return null;
        var isSame = groups.Count == 1 && booted.TrueForAll(result => Before(result) == groups[0].Key)
            && results.All(result => result.Outcome == HostOutcome.Succeeded
                ? Before(result) is not null
                : result.RunningVersion == groups[0].Key
                    || result is { Outcome: HostOutcome.Skipped, State: KamalDeployState.KeptOld });
        return isSame
            ? $"Invoke-KamalRollback {groups[0].Key} (kamal rollback {groups[0].Key})"
            : string.Join(" and ", groups.Select(group =>
            {
                var hosts = group.Select(result => result.HostName).Distinct().ToList();
                var (names, list) = (string.Join(", ", hosts), string.Join(',', hosts));
                return $"Invoke-KamalRollback {group.Key} -HostName {names} (kamal rollback {group.Key} --hosts {list})";
            }));
    }

    /// <summary>Whether the version itself ran before somewhere, with another configuration.</summary>
    public static bool IsToItself(IEnumerable<KamalDeployResult> results, string version) =>
        results.Any(result => result.Outcome == HostOutcome.Succeeded && Before(result) == version);

    private static string? Before(KamalDeployResult result) =>
        result.PreviousVersion is { Length: > 0 } before ? VersionName.Of(before) : null;
}
