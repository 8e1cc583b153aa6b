using Kamal.Engine.Commands;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>Makes sure that every selected host has Docker, which is installed where the account may do that.</summary>
internal static class Bootstrap
{
    /// <summary>The step that installs Docker.</summary>
    internal const string InstallStep = "Install Docker";

    /// <summary>The step that lets the account use Docker.</summary>
    internal const string JoinStep = "Join the docker group";

    private const string Title = "Make sure that Docker is installed";
    private const string Docker = "docker";
    private const string Advice = "Install Docker there by hand: https://docs.docker.com/engine/install/";

    /// <summary>
    /// Looks for Docker and installs it, reconnects to hosts whose account has joined its group, and runs the docker-setup hook.
    /// </summary>
    /// <param name="context">The context.</param>
    /// <param name="done">Gets what the scripts did; for <see cref="Produce"/>.</param>
    public static IEnumerable<Phase> Phases(KamalContext context, Outcome<IReadOnlyList<ScriptResult>> done) =>
        Phases(context, Steps.Of(_ => Script()), (run, results) => run.Set(done, results));

    /// <summary>
    /// The same under the deploy lock, and checks that hosts are fit: in the same round trip, except where Docker had to be installed.
    /// </summary>
    public static IEnumerable<Phase> ThenCheck(KamalContext context)
    {
        var checks = new HostChecks(context, isUnderLock: true);
        var installed = new Outcome<IReadOnlyList<string>>([]);
        var isThere = ShellCommand.Of("[", "-n", ShellWord.Variable(Docker), "]");
        var both = Steps.Of(host => Script().Concat(checks.Steps(host)
            .Select(step => step with { When = step.When is { } when ? isThere.And(when) : isThere })));
        return
        [
            .. Phases(context, both, (run, results) =>
            {
                run.Set(installed, [.. results.Where(result => result.Find(InstallStep)?.Status == StepStatus.Succeeded)
                    .Select(result => result.HostName)]);
                Preflight.Warn(run, context, results);
            }),
            Preflight.HostsUnderLock(context) with
            {
                Among = installed, When = new("Docker was installed on a host", run => run.Get(installed).Count > 0),
            },
        ];
    }

    private static IEnumerable<Phase> Phases(KamalContext context, Steps steps, Action<Run, IReadOnlyList<ScriptResult>> learn) =>
    [
        new HostPhase(Title, context.Selection.Hosts, steps) { ReadAsync = ReadAsync, Learn = learn },
        new HookPhase("docker-setup", context, context.Selection.Hosts),
    ];

    /// <summary>Hands each host's result to the pipeline.</summary>
    public static LocalPhase Produce(Outcome<IReadOnlyList<ScriptResult>> done) => new(null, run =>
    {
        foreach (var result in run.Get(done)) run.Produce(ResultOf(result));
        return Task.CompletedTask;
    });

    /// <summary>The steps of every host.</summary>
    internal static IEnumerable<Step> Script()
    {
        var missing = ShellCommand.Of("[", "-z", ShellWord.Variable(Docker), "]");
        yield return new("Look for Docker", ServerCommands.HasDocker())
        {
            Effect = StepEffect.ReadOnly, CaptureAs = Docker, IgnoreFailure = true,
        };
        yield return new("Look whether Docker may be installed", ServerCommands.IsSuperuser())
        {
            When = missing,
            Effect = StepEffect.ReadOnly,
            Error = KamalErrorId.DockerMissing,
            FailureMessage = "Docker is not installed, and this account is neither root nor may it use sudo without a password to "
                + "install it",
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

    private static ShellCommand Not(ShellCommand command) => ShellCommand.Raw($"! {command}");

    private static async Task ReadAsync(Run run, IReadOnlyList<ScriptResult> results)
    {
        foreach (var result in results.Where(result => result.Find(JoinStep)?.Status == StepStatus.Succeeded))
        {
            // An account's groups are those of its login.
            await run.Context.Fleet.DisconnectAsync(result.HostName).ConfigureAwait(false);
        }

        ThrowIfMissing(results);
    }

    private static KamalHostResult ResultOf(ScriptResult result) =>
        HostResults.Of(result, result.Find(InstallStep)?.Status == StepStatus.Succeeded ? InstallStep : "Look for Docker");

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
