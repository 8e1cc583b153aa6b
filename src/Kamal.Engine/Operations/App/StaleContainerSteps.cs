using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>Containers of a role that run besides the current one, left over from a run that broke.</summary>
internal static class StaleContainerSteps
{
    private const string Current = "current";
    private const string Stale = "stale";

    /// <summary>The name of the step whose output is the stale versions, one a line.</summary>
    public const string Find = "Look for stale containers";

    /// <summary>The name of the step that stops them.</summary>
    public const string Stop = "Stop stale containers";

    /// <summary>Finds them, and stops them if asked.</summary>
    public static IEnumerable<Step> For(KamalConfiguration configuration, RoleConfiguration role, bool stop)
    {
        var app = new AppCommands(configuration, role);
        yield return new("Find the running version", app.CurrentVersion()) { Effect = StepEffect.ReadOnly, CaptureAs = Current, IgnoreFailure = true, Role = role.Name };
        yield return new(Find, app.RunningVersions().Pipe(ShellCommand.Of("grep", "-vxF", ShellWord.Variable(Current)))) { Effect = StepEffect.ReadOnly, CaptureAs = Stale, IgnoreFailure = true, Role = role.Name };
        if (!stop) yield break;
        yield return new(Stop,
            ShellCommand.Raw($"for version in ${Stale}; do {app.StopVariable("version")}; done"))
        {
            When = ShellCommand.Of("[", "-n", ShellWord.Variable(Stale), "]"),
            IgnoreFailure = true,
            Role = role.Name,
        };
    }
}
