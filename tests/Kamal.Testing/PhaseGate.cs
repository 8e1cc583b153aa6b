using Kamal.Engine.Operations;

namespace Kamal.Testing;

/// <summary>Stops the runs of this process after one of their phases, which the plan itself counts.</summary>
public static class PhaseGate
{
    /// <summary>Closes the gate.</summary>
    /// <param name="number">After how many phases a run stops; never, if 0.</param>
    /// <param name="folder">
    /// Has the names of the phases so far in the file <c>phases</c>, and <c>reached</c> once the run waits. The run goes on when there is a
    /// file <c>go</c>.
    /// </param>
    public static void Close(int number, string folder)
    {
        var passed = 0;
        Run.AfterPhase = async (phase, stop) =>
        {
            if (!Counts(phase)) return;
            await File.AppendAllTextAsync(Path.Combine(folder, "phases"), phase.Name + "\n", CancellationToken.None);
            if (++passed != number) return;
            await File.WriteAllTextAsync(Path.Combine(folder, "reached"), "", CancellationToken.None);
            while (!File.Exists(Path.Combine(folder, "go"))) await Task.Delay(20, stop);
        };
    }

    /// <summary>Bookkeeping, and hooks that the project does not have, are no phases that people see.</summary>
    private static bool Counts(Phase phase) => phase.Name.Length > 0 && phase switch
    {
        HostPhase { Hosts.IsEmpty: true } => false,
        HookPhase hook => HookRunner.Has(hook.Context, hook.Hook),
        _ => true,
    };
}
