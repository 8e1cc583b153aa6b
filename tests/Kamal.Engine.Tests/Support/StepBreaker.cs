using Kamal.Engine.Hosts;

namespace Kamal.Engine.Tests.Support;

/// <summary>How a step breaks.</summary>
internal enum Breakage
{
    /// <summary>It fails and does nothing.</summary>
    Fails,

    /// <summary>It does its work and fails.</summary>
    FailsAfter,

    /// <summary>Its <c>docker run</c> makes the container and cannot start it.</summary>
    RunsHalf,

    /// <summary>The run is stopped before the step has done anything.</summary>
    StoppedIn,

    /// <summary>The run is stopped when the step has done its work, and its result has not come yet.</summary>
    StoppedAfter,
}

/// <summary>Breaks one step, counted over all scripts of a run.</summary>
/// <param name="step">Its number; negative for none.</param>
/// <param name="breakage">How it breaks.</param>
internal sealed class StepBreaker(int step = -1, Breakage breakage = Breakage.Fails)
{
    private readonly List<Step> _steps = [];

    /// <summary>The steps of all scripts, in order.</summary>
    public IReadOnlyList<Step> Steps => _steps;

    /// <summary>The step that breaks, once the run has reached it.</summary>
    public Step? BrokenStep { get; private set; }

    public HostScript Break(HostScript script) => script with { Steps = [.. script.Steps.Select(Count)] };

    private Step Count(Step one)
    {
        lock (_steps)
        {
            _steps.Add(one);
            return _steps.Count - 1 == step ? BrokenStep = one with { Command = Broken(one.Command.Text) } : one;
        }
    }

    private ShellCommand Broken(string command) => ShellCommand.CommandLine(breakage switch
    {
        Breakage.Fails => "echo 'it fails' >&2; exit 1",
        Breakage.FailsAfter => $"( {command} ); echo 'it fails' >&2; exit 1",
        Breakage.RunsHalf => $"export RUN_FAILS=1; {command}",
        Breakage.StoppedIn => "echo > \"$STAND_IN/reached\"; exec /bin/sleep 600",
        _ => $"( {command} ); echo > \"$STAND_IN/reached\"; exec /bin/sleep 600",
    });
}
