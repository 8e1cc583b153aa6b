using System.Collections.Immutable;

namespace Kamal.Engine.Hosts;

/// <summary>What one host does in one phase: an ordered list of steps, sent in one round trip.</summary>
/// <param name="Phase">The phase's name, as the operator sees it.</param>
public sealed record HostScript(string Phase, ImmutableArray<Step> Steps)
{
    /// <summary>The time limit for the whole script; null for none.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Scripts in different lanes of one host run in parallel; scripts in the same lane run one after another.</summary>
    public int Lane { get; init; }

    /// <summary>The number of bytes to keep of each step's output.</summary>
    internal int OutputLimit { get; init; } = BoundedBuffer.Limit;

    /// <summary>Called right before the script is sent. From then on it may run, even if no response arrives.</summary>
    internal Action? Sending { get; init; }

    /// <summary>Whether any step may change something.</summary>
    public bool IsMutating => Steps.Any(step => step.Effect == StepEffect.Mutating);
}
