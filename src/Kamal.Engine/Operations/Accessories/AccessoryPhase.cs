using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>One thing done with accessories that are there, in one round trip.</summary>
/// <param name="run">The operation.</param>
internal sealed class AccessoryPhase(OperationRun run)
{
    /// <summary>Does it; every accessory and host has one result in the end.</summary>
    public async Task<IReadOnlyList<KamalHostResult>> RunAsync(AccessoryAction action, IEnumerable<AccessoryConfiguration> accessories)
    {
        var audit = await run.AuditAsync().ConfigureAwait(false);
        var versioned = run.Configuration.ErrorPagesPath is null ? run : await run.WithResolvedVersionAsync().ConfigureAwait(false);
        List<(AccessoryConfiguration Accessory, IReadOnlyList<Step> Steps)> plans = [];
        foreach (var accessory in accessories)
        {
            var steps = new AccessorySteps(versioned, accessory, audit);
            plans.Add((accessory, action == AccessoryAction.Upload ? await AccessoryFiles.ReadAsync(run, accessory).ConfigureAwait(false) : [.. StepsFor(action, steps)]));
        }

        var phase = $"{Name(action)} {(plans.Count == 1 ? plans[0].Accessory.Name : "accessories")}";
        var results = await run.TryPhaseAsync(phase, run.Selection.AccessoryHosts,
            host => plans.Where(plan => plan.Accessory.Hosts.Contains(host)).SelectMany(plan => plan.Steps)).ConfigureAwait(false);
        AccessorySteps.TellKeptImages(run, results);
        return run.Conclude(phase, results,
            from plan in plans
            from result in results
            where plan.Accessory.Hosts.Contains(result.HostName)
            select HostResults.Of(result, Name(action), step => step.Accessory == plan.Accessory.Name) with { Accessory = plan.Accessory.Name });
    }

    private static IEnumerable<Step> StepsFor(AccessoryAction action, AccessorySteps steps) => action switch
    {
        AccessoryAction.Start => steps.Start(),
        AccessoryAction.Stop => steps.Stop(),
        AccessoryAction.Restart => [.. steps.Stop(), .. steps.Start()],
        AccessoryAction.MakeDirectories => steps.Directories(),
        AccessoryAction.PullImage => steps.PullImage(),
        AccessoryAction.RemoveContainer => steps.RemoveContainer(),
        AccessoryAction.RemoveImage => steps.RemoveImage(),
        AccessoryAction.RemoveDirectory => steps.RemoveDirectory(),
        AccessoryAction.Remove => steps.Remove(),
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "This action has a class of its own."),
    };

    private static string Name(AccessoryAction action) => action switch
    {
        AccessoryAction.MakeDirectories => "Make directories of",
        AccessoryAction.PullImage => "Pull the image of",
        AccessoryAction.RemoveContainer => "Remove the container of",
        AccessoryAction.RemoveImage => "Remove the image of",
        AccessoryAction.RemoveDirectory => "Remove the directory of",
        AccessoryAction.Upload => "Upload the files of",
        _ => action.ToString(),
    };
}
