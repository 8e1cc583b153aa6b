using System.Collections.Immutable;
using Kamal.Engine.Events;

namespace Kamal.Engine.Operations;

/// <summary>
/// What an operation does: phases in order. Building one reaches no host, runs no command that changes anything and reads no secret;
/// running, previewing and showing it take the same value.
/// </summary>
internal sealed record Plan(ImmutableArray<Phase> Phases)
{
    /// <summary>What happens when hosts fail; that of <see cref="FleetPolicy.OfAnyOperation"/>, if null.</summary>
    public FleetPolicy? Policy { get; init; }

    /// <summary>Adds to an error what it means for the hosts; null to leave errors as they are.</summary>
    public Func<Run, KamalException, KamalException>? Tell { get; init; }

    public static Plan Of(params IEnumerable<Phase> phases) => new([.. phases]);
}

/// <summary>
/// A part of a plan. The next phase begins only after this one has succeeded; a phase that fails throws and ends the plan.
/// </summary>
internal abstract record Phase(string Name)
{
    /// <summary>What must hold when the phase begins; otherwise it is skipped. Always, if null.</summary>
    public Condition? When { get; init; }

    public abstract Task RunAsync(Run run);

    /// <summary>
    /// Adds to a view what <see cref="RunAsync"/> would do. The run is that of the view: its hosts and commands are not reached.
    /// </summary>
    public abstract Task ShowAsync(Run run, PlanView view);
}

/// <summary>Phases with something before, around or after them, such as the deploy lock.</summary>
internal abstract record Bracket(string Name, ImmutableArray<Phase> Phases) : Phase(Name)
{
    public override Task ShowAsync(Run run, PlanView view) => view.AddAsync(run, Phases);
}

/// <summary>A test of what the run has found out. Its text completes "only if ".</summary>
internal sealed record Condition(string Text, Func<Run, bool> Holds);

/// <summary>Something that one phase finds out and later phases read: <see cref="Run.Get"/>, <see cref="Run.Set"/>.</summary>
/// <param name="initially">What it is until a phase has found it out, as in a preview.</param>
internal sealed class Outcome<T>(T initially)
{
    public T Initially => initially;
}

/// <summary>Begins to connect to hosts that later phases need, after the pre-connect hook.</summary>
internal sealed record ConnectPhase(ImmutableArray<string> Hosts) : Phase("Connect")
{
    public override async Task RunAsync(Run run)
    {
        await run.ConnectAsync().ConfigureAwait(false);
        run.Context.Fleet.Warm(Hosts, run.Cancellation);
    }

    public override Task ShowAsync(Run run, PlanView view)
    {
        run.ShowConnect(view);
        return Task.CompletedTask;
    }
}

/// <summary>Work on this machine: a build, a check, a delay.</summary>
/// <param name="Name">What it does, or null for bookkeeping that a view leaves out.</param>
/// <param name="Work">Does it; in a preview too, with ports that change nothing.</param>
internal sealed record LocalPhase(string? Name, Func<Run, Task> Work) : Phase(Name ?? "")
{
    /// <summary>Tells the user something between phases.</summary>
    public static LocalPhase Say(string text) => new(null, run =>
    {
        run.Sink.Inform(text);
        return Task.CompletedTask;
    });

    public override Task RunAsync(Run run) => Work(run);

    public override Task ShowAsync(Run run, PlanView view)
    {
        if (Name.Length > 0) view.Add(Name);
        return Task.CompletedTask;
    }
}
