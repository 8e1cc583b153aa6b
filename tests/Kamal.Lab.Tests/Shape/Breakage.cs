namespace Kamal.Lab.Tests;

/// <summary>Something that is broken while a scenario's command runs.</summary>
public abstract record Breakage
{
    /// <summary>Breaks it, before the command starts.</summary>
    public abstract Task BreakAsync(LabFixture lab);

    /// <summary>Does what comes while the command runs.</summary>
    public virtual Task MeanwhileAsync(LabFixture lab, RunningCommand command) => Task.CompletedTask;

    /// <summary>Makes it whole again. What the next scenario's wipe undoes need not be undone.</summary>
    public virtual Task MendAsync(LabFixture lab) => Task.CompletedTask;
}
