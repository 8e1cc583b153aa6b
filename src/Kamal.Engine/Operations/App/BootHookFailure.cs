using Kamal.Engine.Configuration;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>A hook of a boot that fails after hosts were switched: what serves there, and what is still to be done.</summary>
internal static class BootHookFailure
{
    /// <summary>Runs a hook; its failure says what has become of the hosts.</summary>
    /// <param name="hook">Runs it.</param>
    /// <param name="configuration">The configuration, with the version that boots.</param>
    /// <param name="done">What hosts and roles have come to so far.</param>
    /// <param name="notBegun">The others.</param>
    public static async Task ExplainAsync(
        Func<Task> hook, KamalConfiguration configuration, Func<IEnumerable<KamalDeployResult>> done, Func<IEnumerable<KamalDeployResult>> notBegun)
    {
        try
        {
            await hook().ConfigureAwait(false);
        }
        catch (KamalException failed) when (failed.Id == KamalErrorId.HookFailed && done().Any(result => result.Outcome == HostOutcome.Succeeded))
        {
            throw Explain(failed, configuration, [.. done().Where(result => result.Outcome == HostOutcome.Succeeded)], [.. notBegun()]);
        }
    }

    private static KamalException Explain(KamalException failed, KamalConfiguration configuration, List<KamalDeployResult> serving, List<KamalDeployResult> skipped)
    {
        static string Hosts(IEnumerable<KamalDeployResult> results) => string.Join(", ", results.Select(result => result.HostName).Distinct());
        var version = configuration.RequiredVersion;
        var before = serving.Select(result => result.PreviousVersion).FirstOrDefault(old => old is not null && old != version && !old.Contains("_replaced_", StringComparison.Ordinal));
        var message = $"{failed.Message}\nVersion {version} serves already on {Hosts(serving)}; {configuration.LatestImage} there is still the image of the version before.";
        if (skipped.Count > 0) message += $" It was not begun on {Hosts(skipped)}.";
        return new(failed.Id, message, failed)
        {
            Command = failed.Command,
            ExitCode = failed.ExitCode,
            Output = failed.Output,
            Recommendation = $"Fix the hook and finish with Invoke-KamalAppBoot -Version {version} (kamal app boot --version {version})"
                + (before is null ? "." : $", or go back with Invoke-KamalRollback {before} (kamal rollback {before})."),
        };
    }
}
