using System.Globalization;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>A container of a role on a host, in any state, with what is known of its life.</summary>
/// <param name="Version">Its version, also if it was renamed because a container of the same version replaced it.</param>
internal sealed record RoleContainer(string HostName, string Role, string Id, string Version)
{
    private const string ListStep = "List the role's containers";
    private const string HistoryStep = "Read the history";

    /// <summary>How long the clocks, and docker's stop of a container that failed, may add to the life of one.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    /// <summary>The ID as the history has it.</summary>
    public string ShortId => Id[..Math.Min(BootScript.ShortId, Id.Length)];

    /// <summary>Whether it was renamed, so that its version has another container.</summary>
    public bool IsReplaced { get; init; }

    public bool Runs { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last ended; null if it runs or never ran.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Whether it has become healthy; null if that is not known.</summary>
    public bool? Served { get; init; }

    /// <summary>The steps that look, on a host.</summary>
    public static IEnumerable<Step> Look(KamalContext context, string host, StepRun when = StepRun.Normally) =>
    [
        .. context.Selection.RolesOn(host).Select(role => new Step(ListStep, new AppCommands(context.Configuration, role).All())
        {
            Effect = StepEffect.ReadOnly, Role = role.Name, Run = when, IgnoreFailure = when != StepRun.Normally,
        }),
        new(HistoryStep, HistoryCommands.Read(context.Configuration, HistoryCommands.Runs))
        {
            Effect = StepEffect.ReadOnly, Run = when, IgnoreFailure = true,
        },
    ];

    /// <summary>What they saw.</summary>
    public static IEnumerable<RoleContainer> Read(KamalConfiguration configuration, ScriptResult result)
    {
        var events = History(result).SelectMany(run => run.Events).ToLookup(item => item.ContainerId ?? "", item => item.What);
        foreach (var step in result.Steps.Where(step => step.Step.Name == ListStep && step.Status == StepStatus.Succeeded))
        {
            var app = new AppCommands(configuration, configuration.Roles.First(role => role.Name == step.Step.Role));
            foreach (var line in step.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                if (Parse(result.HostName, step.Step.Role!, app, line, configuration) is not { } container) continue;
                var known = events[container.ShortId].ToList();
                yield return known.Count == 0 ? container : container with
                {
                    Served = known.Exists(what => what is HistoryCommands.Served or HistoryCommands.Replaced)
                        && !known.Contains(HistoryCommands.Returned),
                };
            }
        }
    }

    /// <summary>What the host's history says, oldest run first.</summary>
    public static IReadOnlyList<HostHistory> History(ScriptResult result) =>
        result.Find(HistoryStep) is { Status: StepStatus.Succeeded } step ? HistoryListing.Parse(result.HostName, step.Output) : [];

    /// <summary>A clause about it: "4f926d9 served until 3 h ago".</summary>
    public string Describe(DateTimeOffset now) => VersionName.Short(Version) + (Runs ? " runs" : Served switch
    {
        true => EndedAt is { } ended ? $" served until {Age.Of(now - ended)} ago" : " served",
        false => " never became healthy",
        _ => $" was created {Age.Of(now - CreatedAt)} ago; it is not known whether it served",
    });

    private static RoleContainer? Parse(string host, string role, AppCommands app, string line, KamalConfiguration configuration)
    {
        var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 6 || app.VersionOf(parts[1].TrimStart('/')) is not { Length: > 0 } version) return null;
        var (started, ended) = (Time(parts[4]), Time(parts[5]));
        var runs = parts[2] is "running" or "restarting" or "paused";
        return new(host, role, parts[0], version)
        {
            IsReplaced = VersionName.IsReplaced(parts[1]),
            Runs = runs,
            CreatedAt = Time(parts[3]) ?? default,
            EndedAt = runs ? null : ended,
            // One that Kamal made is not in the history. If it failed, it was stopped at the latest after these times.
            Served = runs || ended - started > configuration.DeployTimeout + configuration.ReadinessDelay + Margin ? true : null,
        };
    }

    /// <summary>docker's time; null for the one that stands for never.</summary>
    private static DateTimeOffset? Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.Year > 1
            ? time
            : null;
}
