using System.Collections.Immutable;
using Kamal.Engine.Commands;

namespace Kamal.Engine.Hosts;

/// <summary>One step of a script: a rendered command, what its failure means and what becomes of its output.</summary>
/// <param name="Name">What it does, in the words of an operator: "Pull the image".</param>
/// <param name="Command">The command.</param>
public sealed record Step(string Name, ShellCommand Command)
{
    /// <summary>Whether it changes anything; mutating if not said.</summary>
    public StepEffect Effect { get; init; } = StepEffect.Mutating;

    /// <summary>When it runs; normally, if not said.</summary>
    public StepRun Run { get; init; } = StepRun.Normally;

    /// <summary>Whether the script goes on when it fails.</summary>
    public bool IgnoreFailure { get; init; }

    /// <summary>A shell test on the host without which the step is skipped.</summary>
    public ShellCommand? When { get; init; }

    /// <summary>The shell variable that receives its standard output, for later steps of the same script.</summary>
    public string? CaptureAs { get; init; }

    /// <summary>What its command reads; nothing, if null.</summary>
    public StepInput? Input { get; init; }

    /// <summary>Whether its command's text holds values that may be secret, so that no process on the host may have it as an argument.</summary>
    public bool IsConfidential { get; init; }

    /// <summary>The error that its failure is.</summary>
    public KamalErrorId Error { get; init; } = KamalErrorId.RemoteCommandFailed;

    /// <summary>What to say when it fails; the command's own output follows. A general sentence if null.</summary>
    public string? FailureMessage { get; init; }

    /// <summary>What the user can do when it fails.</summary>
    public string? Recommendation { get; init; }

    /// <summary>Failures that are told apart by what the command says; the first one that fits counts, before <see cref="Error"/>.</summary>
    public ImmutableArray<KnownFailure> KnownFailures { get; init; } = [];

    /// <summary>The role it works for, if one.</summary>
    public string? Role { get; init; }

    /// <summary>The accessory it works for, if one.</summary>
    public string? Accessory { get; init; }
}
