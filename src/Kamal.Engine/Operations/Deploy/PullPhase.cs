using Kamal.Engine.Commands;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>Pulling the app's image on the selected hosts; where a mirror of Docker Hub serves several hosts, one of them fills it first.</summary>
/// <param name="run">The operation, with its version.</param>
internal sealed class PullPhase(OperationRun run)
{
    private const string Mirror = "mirror";
    private const string Phase = "Pull the image";

    private readonly Dictionary<string, ScriptResult> _results = [];

    /// <summary>What became of each host that was to pull, as far as it is known.</summary>
    public IReadOnlyDictionary<string, ScriptResult> Results => _results;

    /// <summary>Pulls.</summary>
    /// <param name="takeLock">A lock to take at the end of the same round trip, or null.</param>
    public async Task RunAsync(DeployLock? takeLock = null)
    {
        var hosts = run.Selection.AppHosts;
        var login = await new LoginSteps(run).OnHostsAsync(run.Configuration.Registry).ConfigureAwait(false);
        var audit = await run.AuditAsync().ConfigureAwait(false);
        var claim = takeLock is null ? null : await takeLock.ClaimAsync(DeployLock.AutomaticMessage).ConfigureAwait(false);
        // A mirror of the engine stands in for Docker Hub only (docker's registry-mirrors), so for images from elsewhere it is not asked for.
        var askMirror = hosts.Length > 1 && run.Configuration.Registry.IsDockerHub;
        var noMirror = askMirror ? ShellCommand.Of("[", "-z", ShellWord.Variable(Mirror), "]") : null;
        var server = new ServerCommands(run.Configuration);

        IEnumerable<Step> StepsFor(string host)
        {
            yield return new("Make Kamal's directory", server.EnsureRunDirectory());
            if (hosts.Contains(host))
            {
                foreach (var step in login(host)) yield return step;
                if (askMirror) yield return new("Look for a registry mirror", ImageCommands.FirstMirror()) { Effect = StepEffect.ReadOnly, CaptureAs = Mirror, IgnoreFailure = true };
                foreach (var step in PullSteps(audit, noMirror)) yield return step;
            }

            if (claim is not null && takeLock!.HostName == host)
            {
                foreach (var step in takeLock.Steps(claim)) yield return step;
            }
        }

        var forwards = await new LocalRegistry(run).ForwardAsync(hosts).ConfigureAwait(false);
        await using var forwarding = forwards.ConfigureAwait(false);
        var all = run.Selection.Hosts.Union(claim is null ? [] : [takeLock!.HostName]).ToList();
        var results = await run.TryPhaseAsync(Phase, all, StepsFor, host => claim?.NoteSending(host)).ConfigureAwait(false);
        Note(results.Where(result => hosts.Contains(result.HostName)));
        var refused = takeLock?.Observe(results);
        // Not the lock's own refusal, if it is what the whole script failed with.
        if (refused is not null && results.All(result => result.Failure != refused)) throw refused;
        OperationRun.ThrowIfFailed(Phase, results);

        var mirrored = results.Where(result => result.Captured(Mirror).Length > 0).ToList();
        if (mirrored.Count == 0) return;
        var seeds = mirrored.GroupBy(result => result.Captured(Mirror)).Select(group => group.First().HostName).ToList();
        await PullAsync("Pull the image where it fills a mirror", seeds, audit).ConfigureAwait(false);
        var others = mirrored.Select(result => result.HostName).Except(seeds).ToList();
        await PullAsync("Pull the image from the mirror", others, audit).ConfigureAwait(false);
    }

    private async Task PullAsync(string phase, List<string> hosts, AuditCommands audit)
    {
        var results = await run.TryPhaseAsync(phase, hosts, _ => PullSteps(audit, null)).ConfigureAwait(false);
        Note(results);
        OperationRun.ThrowIfFailed(phase, results);
    }

    private void Note(IEnumerable<ScriptResult> results)
    {
        foreach (var result in results) _results[result.HostName] = result;
    }

    private IEnumerable<Step> PullSteps(AuditCommands audit, ShellCommand? when)
    {
        var images = new ImageCommands(run.Configuration);
        yield return new("Record the pull", audit.Record($"Pulled image with version {run.Configuration.RequiredVersion}")) { When = when };
        yield return new("Remove the image's old copy", images.Clean().DiscardOutput().DiscardErrors()) { When = when, IgnoreFailure = true };
        yield return new("Pull the image", images.Pull().DiscardOutput())
        {
            When = when,
            FailureMessage = $"the image {run.Configuration.AbsoluteImage} could not be pulled",
            Recommendation = "Was this version built and pushed? Leave out -SkipPush (--skip-push) to build it.",
        };
        yield return new("Check the image's label", images.Validate().DiscardOutput())
        {
            When = when,
            Effect = StepEffect.ReadOnly,
            Error = KamalErrorId.ImageInvalid,
            FailureMessage = $"the image {run.Configuration.AbsoluteImage} has no label service={run.Configuration.Service}",
            Recommendation = $"Build it with Kamal, or add LABEL service=\"{run.Configuration.Service}\" to the Dockerfile.",
        };
    }
}
