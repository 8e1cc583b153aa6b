namespace Kamal.Engine.Hosts;

/// <summary>When a step of a script runs, given what happened before it.</summary>
public enum StepRun
{
    /// <summary>As long as no step has failed.</summary>
    Normally,

    /// <summary>Only after a step has failed: to clean up, or to collect what explains the failure.</summary>
    AfterFailure,

    /// <summary>In any case.</summary>
    Always,
}
