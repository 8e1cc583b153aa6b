using Kamal.Engine.Commands;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>Making sure that every selected host has Docker, which is installed where the account may do that.</summary>
/// <param name="run">The operation.</param>
internal sealed class BootstrapPhase(OperationRun run)
{
    private const string Phase = "Make sure that Docker is installed";
    /// <summary>The step that installs Docker.</summary>
    internal const string InstallStep = "Install Docker";
    /// <summary>The step that lets the account use Docker.</summary>
    internal const string JoinStep = "Join the docker group";
    private const string Docker = "docker";

    /// <summary>Does it, and gives the docker-setup hook its turn.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.DockerMissing"/>: names the hosts that have no Docker and where it cannot be installed.</exception>
    public async Task<IReadOnlyList<KamalHostResult>> RunAsync()
    {
        var results = await run.TryPhaseAsync(Phase, run.Selection.Hosts, _ => Steps()).ConfigureAwait(false);
        foreach (var result in results.Where(result => result.Find(JoinStep)?.Status == StepStatus.Succeeded))
        {
            // An account's groups are those of its login.
            await run.Context.Fleet.DisconnectAsync(result.HostName).ConfigureAwait(false);
        }

        ThrowIfMissing(results);
        OperationRun.ThrowIfFailed(Phase, results);
        await new HookRunner(run).RunAsync("docker-setup").ConfigureAwait(false);
        return [.. results.Select(result => HostResults.Of(result, result.Find(InstallStep)?.Status == StepStatus.Succeeded ? InstallStep : "Look for Docker"))];
    }

    /// <summary>The steps of every host.</summary>
    internal static IEnumerable<Step> Steps()
    {
        var missing = ShellCommand.Of("[", "-z", ShellWord.Variable(Docker), "]");
        yield return new("Look for Docker", ServerCommands.HasDocker()) { Effect = StepEffect.ReadOnly, CaptureAs = Docker, IgnoreFailure = true };
        yield return new("Look whether Docker may be installed", ServerCommands.IsSuperuser())
        {
            When = missing,
            Effect = StepEffect.ReadOnly,
            Error = KamalErrorId.DockerMissing,
            FailureMessage = "Docker is not installed, and this account is neither root nor may it use sudo without a password to install it",
            Recommendation = Advice,
        };
        yield return new(InstallStep, ServerCommands.InstallDocker())
        {
            When = missing,
            Error = KamalErrorId.DockerMissing,
            FailureMessage = "Docker is not installed, and its installation from https://get.docker.com, which needs curl or wget, failed",
            Recommendation = Advice,
        };
        yield return new(JoinStep, ServerCommands.AddToDockerGroup())
        {
            When = missing.And(Not(ServerCommands.IsRoot())).And(Not(ServerCommands.IsInDockerGroup())),
        };
    }

    private const string Advice = "Install Docker there by hand: https://docs.docker.com/engine/install/";

    private static ShellCommand Not(ShellCommand command) => ShellCommand.Raw($"! {command}");

    private static void ThrowIfMissing(IReadOnlyList<ScriptResult> results)
    {
        var failures = results.Select(result => result.Failure).OfType<KamalException>().ToList();
        var missing = failures.Where(failure => failure.Id == KamalErrorId.DockerMissing).ToList();
        if (missing.Count == 0) return;
        throw new KamalException(KamalErrorId.DockerMissing,
            $"There is no Docker on {string.Join(", ", missing.Select(failure => failure.HostName))}, and it could not be installed.")
        {
            HostName = missing.Count == 1 ? missing[0].HostName : null,
            Recommendation = Advice,
            Causes = [.. failures],
        };
    }
}
