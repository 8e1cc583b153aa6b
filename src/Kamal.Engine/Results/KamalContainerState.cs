namespace Kamal.Engine.Results;

/// <summary>A container's state, as Docker names it.</summary>
public enum KamalContainerState
{
    /// <summary>A state that this version does not know; see <see cref="KamalContainer.Status"/>.</summary>
    Unknown,

    /// <summary>It was never started.</summary>
    Created,

    /// <summary>It runs.</summary>
    Running,

    /// <summary>It is held.</summary>
    Paused,

    /// <summary>It ended and is about to be started again.</summary>
    Restarting,

    /// <summary>It is being removed.</summary>
    Removing,

    /// <summary>It ended.</summary>
    Exited,

    /// <summary>It could not be removed whole.</summary>
    Dead,
}
