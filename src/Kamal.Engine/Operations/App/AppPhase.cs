using System.Collections.Immutable;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>One thing done with the app, in one round trip a host.</summary>
internal static class AppPhase
{
    /// <summary>Does it under the deploy lock; every host and role has one result in the end.</summary>
    public static async Task<IReadOnlyList<KamalHostResult>> UnderLockAsync(
        OperationRun run, string phase, ImmutableArray<string> hosts, Func<AppSteps, string, IEnumerable<Step>> stepsFor)
    {
        IReadOnlyList<KamalHostResult> results = [];
        await new DeployLock(run).HoldAsync(async () =>
        {
            var app = new AppSteps(run, await run.AuditAsync().ConfigureAwait(false));
            var done = await run.TryPhaseAsync(phase, hosts, host => stepsFor(app, host)).ConfigureAwait(false);
            results = run.Conclude(phase, done, done.SelectMany(result => Results(phase, result)));
        }).ConfigureAwait(false);
        return results;
    }

    private static IEnumerable<KamalHostResult> Results(string phase, ScriptResult result)
    {
        var roles = result.Steps.Select(step => step.Step.Role).Where(role => role is not null).Distinct().ToList();
        return roles.Count == 0
            ? [HostResults.Of(result, phase)]
            : roles.Select(role => HostResults.Of(result, phase, step => step.Role == role) with { Role = role });
    }
}
