namespace Kamal.Engine.Hosts;

/// <summary>Whether a step changes anything on its host.</summary>
public enum StepEffect
{
    /// <summary>It only looks.</summary>
    ReadOnly,

    /// <summary>It may change something, and never reaches a host in a preview.</summary>
    Mutating,
}
