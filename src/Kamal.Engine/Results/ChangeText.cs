using System.Globalization;

namespace Kamal.Engine.Results;

/// <summary>What differs on hosts, as text for people: the same on several hosts is shown once.</summary>
internal static class ChangeText
{
    public static IEnumerable<string> Lines(KamalPlan plan)
    {
        foreach (var same in plan.Changes.GroupBy(Of))
        {
            yield return $"  {string.Join(", ", same.Select(change => change.HostName).Distinct())}: {same.Key}";
        }

        var isComplete = plan.UnknownHosts.IsEmpty;
        if (!isComplete) yield return $"Not compared because they could not be reached: {string.Join(", ", plan.UnknownHosts)}.";
        if (plan.Changes.IsEmpty) yield return $"The {(isComplete ? "" : "other ")}hosts match the configuration.";
        if (!plan.InMaintenance.IsEmpty)
        {
            yield return $"In maintenance, and after {plan.Operation} still: {string.Join(", ", plan.InMaintenance)}. "
                + "Disable-KamalMaintenance (kamal app live) ends it.";
        }

        if (!plan.Orphans.IsEmpty) yield return "Orphans (to remove them, run Remove-KamalOrphan):";
        foreach (var same in plan.Orphans.GroupBy(orphan => (orphan.HostName, orphan.Why)))
        {
            yield return $"  {same.Key.HostName}: {string.Join(", ", same)}: {same.Key.Why}";
        }
    }

    /// <summary>A difference, without its host.</summary>
    public static string Of(KamalPlanChange change)
    {
        var about = change.Role ?? change.Accessory;
        var names = change.Names.IsEmpty ? "" : $" ({string.Join(", ", change.Names)})";
        var key = change.Key is { } known ? $": {known}{names}" : names;
        var size = change.Size is { } bytes
            ? string.Create(CultureInfo.InvariantCulture, $", {bytes / 1_000_000m:0.#} MB to pull") : "";
        var cost = change.Cost is { } price ? $"; {price}" : "";
        return $"{(about is null ? "" : about + ": ")}{change.Action} {change.Target}{key}{Values(change)}{size}{cost}";
    }

    private static string Values(KamalPlanChange change) => (change.From, change.To) switch
    {
        ({ } from, { } to) => $", {Shown(from)} -> {Shown(to)}",
        (null, { } to) => $", {Shown(to)}",
        ({ } from, null) => $", {Shown(from)}",
        _ => "",
    };

    private static string Shown(string value) => value.Length == 0 ? "none" : value;
}
