using Kamal.Engine.Commands;

namespace Kamal.Engine.Operations;

/// <summary>The versions of a role on a host.</summary>
/// <param name="Containers">Its containers.</param>
/// <param name="Runs">What the host's history says, oldest run first.</param>
internal sealed record RoleVersions(
    string HostName, string Role, IReadOnlyList<RoleContainer> Containers, IReadOnlyList<HostHistory> Runs)
{
    /// <summary>The version that runs; null if none does.</summary>
    public string? Current => (Youngest(container => container.Runs && container.Served is true) ?? Youngest(container => container.Runs))
        ?.Version;

    /// <summary>
    /// The version that runs or, where none does, the one that was stopped last, leaving out containers that never became healthy.
    /// </summary>
    public string? Stopped => Current ?? Containers.Where(container => !container.IsReplaced && container.Served is not false)
        .OrderByDescending(container => container.EndedAt ?? default).ThenByDescending(container => container.CreatedAt)
        .FirstOrDefault()?.Version;

    /// <summary>Where it is, as messages say it.</summary>
    public string Place => $"{HostName} ({Role})";

    /// <summary>Whether the version became healthy here and has a container still.</summary>
    public bool HasServed(string version) => Containers.Any(container => container.Version == version && container.Served is true);

    /// <summary>
    /// The versions that served one after another and can be gone back to: first the one that ran last, which is the current one if it
    /// runs. A rollback takes back what was deployed since, so that two rollbacks go back by two versions.
    /// </summary>
    public IReadOnlyList<string> Sequence()
    {
        // By the host's clock, as the times of containers: those of the machines that deploy may differ.
        var noted = from run in Runs
                    from item in run.Events
                    where item.Role == Role && item.What == HistoryCommands.Served && run.Version is not null
                    select (item.At, Version: run.Version!, IsBack: run.Operation == Recorded.Rollback);
        // Kamal's own deploys are not in the history.
        var made = from container in Containers
                   where container.Served is true
                       && !Runs.Any(run => run.Events.Any(item => item.ContainerId == container.ShortId))
                   select (At: container.CreatedAt, container.Version, IsBack: false);
        List<string> stack = [];
        void Push(string version, bool isBack)
        {
            if (isBack && stack.LastIndexOf(version) is >= 0 and var at) stack.RemoveRange(at + 1, stack.Count - at - 1);
            else if (stack.Count == 0 || stack[^1] != version) stack.Add(version);
        }

        foreach (var item in noted.Concat(made).OrderBy(item => item.At)) Push(item.Version, item.IsBack);
        if (Current is { } current) Push(current, isBack: true);
        stack.Reverse();
        return [.. stack.Distinct()];
    }

    /// <summary>What there is, for errors.</summary>
    public string Describe(DateTimeOffset now)
    {
        var told = Containers.OrderByDescending(container => container.Runs).ThenByDescending(container => container.CreatedAt)
            .DistinctBy(container => container.Version).Select(container => container.Describe(now)).ToList();
        return $"{Place}: {(told.Count > 0 ? string.Join("; ", told) : "no containers")}";
    }

    private RoleContainer? Youngest(Func<RoleContainer, bool> which) => Containers.Where(which).MaxBy(container => container.CreatedAt);
}
