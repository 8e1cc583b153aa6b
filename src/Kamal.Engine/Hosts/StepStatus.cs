namespace Kamal.Engine.Hosts;

/// <summary>What became of a step.</summary>
public enum StepStatus
{
    /// <summary>It ended with exit code 0.</summary>
    Succeeded,

    /// <summary>It ended with another exit code.</summary>
    Failed,

    /// <summary>It did not run: its test said no, or a step before it had failed.</summary>
    Skipped,

    /// <summary>It was running, or still to come, when the connection broke or the script was stopped: what it did is not known.</summary>
    Interrupted,

    /// <summary>It was shown and not run.</summary>
    Previewed,
}
