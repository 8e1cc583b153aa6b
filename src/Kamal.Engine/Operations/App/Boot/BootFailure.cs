using Kamal.Engine.Configuration;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>The error of a boot that did not succeed everywhere: what became of each host, and what to do.</summary>
/// <param name="configuration">The configuration, with the version.</param>
/// <param name="results">The results of all hosts and roles.</param>
/// <param name="states">Clauses that complete "On HOST (ROLE) ", for hosts that failed or went back.</param>
/// <param name="participants">Who takes part, and what failed.</param>
internal sealed class BootFailure(
    KamalConfiguration configuration, IReadOnlyList<KamalDeployResult> results,
    IReadOnlyDictionary<(string HostName, string Role), string> states, Participants participants)
{
    private readonly List<KamalDeployResult> _booted = [.. results.Where(result => result.Outcome == HostOutcome.Succeeded)];

    /// <summary>The error.</summary>
    public KamalException Error()
    {
        var failures = participants.Failed;
        var first = results.FirstOrDefault(result => result.Outcome == HostOutcome.Failed && result.State != KamalDeployState.RolledBack);
        return new(KamalErrorId.OperationFailed, string.Join(' ', Sentences()))
        {
            HostName = first?.HostName ?? (failures.Count > 0 ? failures[0].HostName : null),
            Role = first?.Role,
            Cause = failures.Select(failure => failure.Error.Cause?.Name).Distinct().Count() == 1 ? failures[0].Error.Cause : null,
            Causes = [.. failures.Select(failure => failure.Error)],
            Recommendation = Recommendation(),
        };
    }

    /// <summary>What hosts failed with or went back from, one sentence for those of which the same is true.</summary>
    public IEnumerable<string> States() =>
        results.Where(result => states.ContainsKey((result.HostName, result.Role)))
            .GroupBy(result => states[(result.HostName, result.Role)])
            .Select(same => $"On {Names(same)} {same.Key}.");

    private static string Names(IEnumerable<KamalDeployResult> some) =>
        string.Join(", ", some.Select(result => $"{result.HostName} ({result.Role})"));

    private IEnumerable<string> Sentences()
    {
        yield return $"Version {configuration.RequiredVersion} did not boot everywhere.";
        foreach (var sentence in States()) yield return sentence;
        if (_booted.Count > 0) yield return $"It runs on {Names(_booted)}.";
        var others = results.Where(result => !_booted.Contains(result) && !states.ContainsKey((result.HostName, result.Role))).ToList();
        // Hosts that failed in a phase before or after the boot.
        foreach (var phase in participants.Failed.Where(failure => !states.Keys.Any(key => key.HostName == failure.HostName))
            .GroupBy(failure => (failure.Phase, WasBooted: _booted.Exists(result => result.HostName == failure.HostName))))
        {
            var hosts = phase.Select(failure => failure.HostName).Distinct().ToList();
            yield return $"'{phase.Key.Phase}' failed on {string.Join(", ", hosts)}"
                + (phase.Key.WasBooted ? "." : "; nothing was replaced there.");
        }

        var unreachable = others.Where(result => result.State == KamalDeployState.Skipped).ToList();
        if (unreachable.Count > 0) yield return $"It was left out on {Names(unreachable)}, which could not be reached.";
        var waiting = others.Where(result => result.Outcome == HostOutcome.Skipped && result.State != KamalDeployState.Skipped).ToList();
        if (waiting.Count > 0) yield return $"It was not started on {Names(waiting)}.";
    }

    private string Recommendation()
    {
        if (_booted.Count > 0) return HowToGoBack();
        if (results.Any(result => result.IsUncertain))
        {
            return "Check with Get-KamalContainer (kamal app containers), then run the command again: it removes what is left over.";
        }

        return results.Any(result => result.State == KamalDeployState.RolledBack)
            ? $"All hosts run the version that ran before{Versions()}. See the errors of the hosts."
            : "See the errors of the hosts; nothing else needs to be cleaned up.";
    }

    /// <summary>Which hosts run which version, if they do not all run the same.</summary>
    private string Versions()
    {
        var versions = results.Where(result => result.RunningVersion is not null).GroupBy(result => result.RunningVersion!).ToList();
        return versions.Count < 2 ? ""
            : ": " + string.Join("; ", versions.Select(same => $"{VersionName.Short(same.Key)} on {Names(same)}"));
    }

    /// <summary>How to have the same on all hosts again.</summary>
    private string HowToGoBack()
    {
        var version = configuration.RequiredVersion;
        if (WayBack.Of(results, version) is { } back) return $"To go back: {back}.";
        return WayBack.IsToItself(results, version)
            ? $"To go back: {version} ran before, with another configuration; restore that configuration and deploy it "
                + $"(Invoke-KamalDeploy -SkipPush -Version {version}, or kamal deploy --skip-push --version {version})."
            : "See the errors of the hosts, then run the command again.";
    }
}
