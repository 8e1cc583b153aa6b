using System.Collections.Immutable;

namespace Kamal.Engine.Hosts;

/// <summary>What one host does in one phase: an ordered list of steps that takes one round trip.</summary>
/// <param name="Phase">The phase's name, in the words of an operator.</param>
public sealed record HostScript(string Phase, ImmutableArray<Step> Steps)
{
    /// <summary>How long the whole script may take; without end, if null.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Scripts of one host with different lanes run at the same time, those of one lane one after another.</summary>
    public int Lane { get; init; }

    /// <summary>How much is kept of what one step writes, in bytes.</summary>
    internal int OutputLimit { get; init; } = BoundedBuffer.Limit;

    /// <summary>Called when its text is about to be sent: from then on it may run, even if no answer comes.</summary>
    internal Action? Sending { get; init; }

    /// <summary>Whether any step may change something.</summary>
    public bool IsMutating => Steps.Any(step => step.Effect == StepEffect.Mutating);
}
