using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>
/// What follows a boot that failed or was stopped: the container that this boot made is stopped, if nothing is routed to it,
/// and no other one; what that container wrote is read, and what serves is looked up.
/// </summary>
/// <param name="configuration">The configuration, with the version that was to start.</param>
/// <param name="role">The role.</param>
/// <param name="keepsOld">Whether the containers that ran before run on where the new one has taken over.</param>
internal sealed class BootCleanUp(KamalConfiguration configuration, RoleConfiguration role, bool keepsOld)
{
    /// <summary>How long cleaning up after a stop may take on a host.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>The variable that holds the id of the container which has the new one's name, before it is renamed.</summary>
    public const string Existing = "existing";

    /// <summary>The variable that says that the new container has taken over.</summary>
    public const string Switched = "switched";

    /// <summary>The same, found out after the new container was stopped.</summary>
    public const string Meanwhile = "meanwhile";

    private const string New = BootScript.NewContainer;

    private readonly AppCommands _app = new(configuration, role);

    private static ShellCommand HasNew => Has(New);

    private static ShellCommand HasOld => Has(BootScript.OldContainers);

    private static ShellCommand NotSwitched => ShellCommand.Of("[", "-z", ShellWord.Variable(Switched), "]");

    /// <summary>The steps at the end of the boot's own script, of which only a failure makes use.</summary>
    public IEnumerable<Step> AfterFailure()
    {
        IEnumerable<Step> steps =
        [
            .. role.IsProxied ? [SeeWhetherSwitched(HasNew.And(NotSwitched))] : Array.Empty<Step>(),
            .. ContainerProbe.Steps(New, configuration, role, HasNew.And(NotSwitched)),
            new("Stop the failed container", _app.StopIds(New)) { IgnoreFailure = true, When = HasNew.And(NotSwitched) },
            // What failed after the switch, or only seemed to: nothing is routed to the old one any more.
            .. keepsOld ? Array.Empty<Step>() : [StopReplaced(Has(Switched))],
            GiveNameBack(),
            .. RoleState.Look(_app, role),
        ];
        return steps.Select(step => step with { Run = StepRun.AfterFailure });
    }

    /// <summary>The steps after a boot that was stopped half-way.</summary>
    /// <param name="stopped">How far it had come.</param>
    /// <param name="start">What became of the step that makes the new container.</param>
    /// <param name="takeOver">What became of the step by which it takes over.</param>
    public IEnumerable<Step> AfterStop(ScriptResult stopped, StepResult? start, StepResult? takeOver)
    {
        var switched = takeOver?.Status == StepStatus.Succeeded;
        if (!switched && start is { Status: not StepStatus.Skipped }
            && stopped.Find(BootScript.FindRunning) is { Status: StepStatus.Succeeded })
        {
            foreach (var step in StopNew(stopped)) yield return step;
        }

        if (!keepsOld && stopped.Captured(BootScript.OldContainers) is { Length: > 0 } old)
        {
            yield return Recall(BootScript.OldContainers, old);
            yield return StopReplaced(switched ? HasOld : Has(Switched).Or(Has(Meanwhile)).Group());
        }

        var existing = stopped.Captured(Existing);
        if (!switched && existing.Length > 0)
        {
            yield return Recall(Existing, existing);
            yield return GiveNameBack();
        }

        foreach (var step in RoleState.Look(_app, role)) yield return step;
    }

    /// <summary>
    /// Stops the container that has the new one's name. The name says nothing by itself: one that was there before the boot
    /// may have it still, so its id must not be one that the boot had seen.
    /// </summary>
    private IEnumerable<Step> StopNew(ScriptResult stopped)
    {
        var known = stopped.Captured(Existing).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var find = known.Aggregate(_app.ContainerId(configuration.RequiredVersion), (command, id) =>
            command.Pipe(ShellCommand.Of("grep", "-vxF", id)));
        yield return new("Find the new container", find) { Effect = StepEffect.ReadOnly, CaptureAs = New, IgnoreFailure = true };
        if (role.IsProxied) yield return SeeWhetherSwitched(HasNew);
        yield return new("Stop the new container", _app.StopIds(New)) { When = HasNew.And(NotSwitched), IgnoreFailure = true };
        if (!role.IsProxied) yield break;
        // The proxy goes on with what it was asked for, and may have switched just before the container stopped.
        yield return SeeWhetherSwitched(HasNew.And(NotSwitched)) with
        {
            Name = "See whether it was routed to meanwhile", CaptureAs = Meanwhile,
        };
        yield return new("Start it again", AppCommands.StartId(New))
        {
            When = Has(Meanwhile),
            IgnoreFailure = true,
        };
    }

    /// <summary>Gives a variable of an earlier script its value again.</summary>
    public static Step Recall(string variable, string value) =>
        new(variable switch
        {
            BootScript.OldContainers => "Recall the containers that ran before",
            BootScript.NewContainer => "Recall the new container",
            _ => "Recall the container of the same version",
        }, ShellCommand.Of("echo", value))
        {
            Effect = StepEffect.ReadOnly,
            CaptureAs = variable,
        };

    private static ShellCommand Has(string variable) => ShellCommand.Of("[", "-n", ShellWord.Variable(variable), "]");

    /// <summary>Lets go of the containers that ran before, where the new one has taken over.</summary>
    private Step StopReplaced(ShellCommand switched) =>
        new("Stop what it replaced", _app.StopIds(BootScript.OldContainers)) { When = switched.And(HasOld), IgnoreFailure = true };

    private static Step SeeWhetherSwitched(ShellCommand when)
    {
        var target = ShellWord.Join(ShellWord.Substitute(
            ShellCommand.Of("printf", $"%.{BootScript.ShortId}s", ShellWord.Variable(New))), ":");
        // The proxy may have switched although its answer did not come.
        return new("See whether it is routed to", ProxyCommands.List().Pipe(ShellCommand.Of("grep", "-F", target)))
        {
            Effect = StepEffect.ReadOnly,
            CaptureAs = Switched,
            IgnoreFailure = true,
            When = when,
        };
    }

    /// <summary>Where the boot made no container, the one that was renamed for it gets its name back.</summary>
    private Step GiveNameBack() => new("Give the container of the same version its name back",
        _app.Rename(Existing, configuration.RequiredVersion))
    {
        When = ShellCommand.Of("[", "-n", ShellWord.Variable(Existing), "]")
            .And(ShellCommand.Raw($"! {_app.Exists(configuration.RequiredVersion)}")),
        IgnoreFailure = true,
    };
}
