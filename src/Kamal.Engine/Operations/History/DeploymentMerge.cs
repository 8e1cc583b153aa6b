using Kamal.Engine.Commands;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>Makes one deploy of what each host knows of it.</summary>
internal static class DeploymentMerge
{
    /// <summary>How far apart the boots of one run of Kamal's may be on two hosts.</summary>
    private static readonly TimeSpan SameRun = TimeSpan.FromMinutes(10);

    /// <summary>The deploys, latest first.</summary>
    /// <param name="hosts">The histories of all hosts.</param>
    /// <param name="audit">Lines of Kamal's audit logs, of which those count that say "Booted".</param>
    public static IEnumerable<KamalDeployment> Of(IReadOnlyList<HostHistory> hosts, IEnumerable<KamalAuditEntry> audit)
    {
        var noted = hosts.GroupBy(host => host.Name).Select(run => Merge([.. run])).ToList();
        var boots = audit.Select(entry => (Entry: entry, Version: BootedVersion(entry)))
            .Where(item => item is { Version: not null, Entry.RecordedAt: not null }
                && !hosts.Any(host => Is(host, item.Entry, item.Version)))
            .OrderBy(item => item.Entry.RecordedAt)
            .Select(item => (item.Entry, Version: item.Version!));
        return noted.Concat(OfKamal(boots)).OrderByDescending(deployment => deployment.StartedAt);
    }

    private static KamalDeployment Merge(IReadOnlyList<HostHistory> hosts)
    {
        string? First(Func<HostHistory, string?> what) => hosts.Select(what).FirstOrDefault(text => text is not null);
        var parts = hosts.SelectMany(Parts).ToList();
        return new(hosts[0].At, First(host => host.Operation) ?? "boot", First(host => host.Version) ?? "", Outcome(hosts, parts))
        {
            PreviousVersion = parts.Select(part => part.PreviousVersion).FirstOrDefault(version => version is not null),
            Performer = First(host => host.Performer),
            From = First(host => host.From),
            Duration = hosts.Max(host => host.Duration),
            Cause = First(host => host.Cause),
            Hosts = [.. parts],
        };
    }

    /// <summary>A run succeeded if every host says so. One host may have said so before another failed.</summary>
    private static KamalDeploymentOutcome Outcome(IReadOnlyList<HostHistory> hosts, List<KamalDeploymentHost> parts)
    {
        bool Any(string end, KamalDeploymentOutcome outcome) =>
            hosts.Any(host => host.End == end) || parts.Exists(part => part.Outcome == outcome);
        return Any(HistoryCommands.Interrupted, KamalDeploymentOutcome.Interrupted) ? KamalDeploymentOutcome.Interrupted
            : Any(HistoryCommands.Failed, KamalDeploymentOutcome.Failed) || Any("", KamalDeploymentOutcome.RolledBack)
                ? KamalDeploymentOutcome.Failed
            : hosts.All(host => host.End == HistoryCommands.Succeeded) ? KamalDeploymentOutcome.Succeeded
            : KamalDeploymentOutcome.Unfinished;
    }

    private static IEnumerable<KamalDeploymentHost> Parts(HostHistory host)
    {
        var roles = host.Events.Where(item => item.What != HistoryCommands.Replaced).GroupBy(item => item.Role).ToList();
        if (roles.Count == 0) return [new(host.HostName, null, KamalDeploymentOutcome.NotBegun)];
        return roles.Select(role =>
        {
            HistoryEvent? Find(string what) => role.FirstOrDefault(item => item.What == what);
            var (started, served) = (Find(HistoryCommands.Started), Find(HistoryCommands.Served));
            var failed = Find(HistoryCommands.Failed) ?? Find(HistoryCommands.Interrupted);
            var end = served ?? failed;
            var outcome = Find(HistoryCommands.Returned) is not null ? KamalDeploymentOutcome.RolledBack
                : served is not null ? KamalDeploymentOutcome.Succeeded
                : failed is null ? KamalDeploymentOutcome.Unfinished
                : failed.What == HistoryCommands.Failed ? KamalDeploymentOutcome.Failed
                : KamalDeploymentOutcome.Interrupted;
            return new KamalDeploymentHost(host.HostName, role.Key, outcome)
            {
                PreviousVersion = started?.Before,
                ContainerId = started?.ContainerId,
                Duration = started is not null && end is not null && end.At >= started.At ? end.At - started.At : null,
            };
        });
    }

    /// <summary>Whether an audit line is of a run that the history knows: its version was booted there after the run began.</summary>
    private static bool Is(HostHistory host, KamalAuditEntry entry, string? version) =>
        host.HostName == entry.HostName && host.Version == version && entry.RecordedAt >= host.At
            && entry.RecordedAt <= host.At + (host.Duration ?? SameRun) + SameRun;

    private static string? BootedVersion(KamalAuditEntry entry)
    {
        const string booted = "Booted app version ";
        return entry.Message.StartsWith(booted, StringComparison.Ordinal) ? entry.Message[booted.Length..] : null;
    }

    private static List<KamalDeployment> OfKamal(IEnumerable<(KamalAuditEntry Entry, string Version)> boots)
    {
        List<KamalDeployment> found = [];
        foreach (var (entry, version) in boots)
        {
            var part = new KamalDeploymentHost(entry.HostName, entry.Role, KamalDeploymentOutcome.Unknown);
            var at = found.FindLastIndex(one => one.Version == version && one.Performer == entry.Performer
                && entry.RecordedAt - one.StartedAt <= SameRun
                && !one.Hosts.Any(host => host.HostName == part.HostName && host.Role == part.Role));
            if (at >= 0) found[at] = found[at] with { Hosts = found[at].Hosts.Add(part) };
            else
            {
                found.Add(new(entry.RecordedAt!.Value, "kamal", version, KamalDeploymentOutcome.Unknown)
                {
                    Performer = entry.Performer, Hosts = [part],
                });
            }
        }

        return found;
    }
}
