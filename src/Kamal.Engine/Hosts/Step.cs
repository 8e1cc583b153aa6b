using System.Collections.Immutable;
using Kamal.Engine.Commands;

namespace Kamal.Engine.Hosts;

/// <summary>One step of a script: a rendered command, what its failure means and what happens to its output.</summary>
/// <param name="Name">What it does, as the operator sees it, such as <c>Pull the image</c>.</param>
public sealed record Step(string Name, ShellCommand Command)
{
    /// <summary>Whether it changes anything.</summary>
    public StepEffect Effect { get; init; } = StepEffect.Mutating;

    /// <summary>When it runs.</summary>
    public StepRun Run { get; init; } = StepRun.Normally;

    /// <summary>Whether the script continues if it fails.</summary>
    public bool IgnoreFailure { get; init; }

    /// <summary>The longest time that it waits for something to become ready, to show to the operator; null if it does not wait.</summary>
    public TimeSpan? WaitLimit { get; init; }

    /// <summary>A test on the host; if it fails, the step is skipped.</summary>
    public ShellCommand? When { get; init; }

    /// <summary>The shell variable that receives its standard output, for later steps of the same script.</summary>
    public string? CaptureAs { get; init; }

    /// <summary>The command's standard input; null for none.</summary>
    public StepInput? Input { get; init; }

    /// <summary>Whether the command's text may contain secrets, so that it must not be a process argument on the host.</summary>
    public bool IsConfidential { get; init; }

    /// <summary>The error ID if it fails.</summary>
    public KamalErrorId Error { get; init; } = KamalErrorId.RemoteCommandFailed;

    /// <summary>The error message if it fails, which the command's output follows; null for a general message.</summary>
    public string? FailureMessage { get; init; }

    /// <summary>What the user can do if it fails.</summary>
    public string? Recommendation { get; init; }

    /// <summary>Failures recognized by the command's output. The first match takes precedence over <see cref="Error"/>.</summary>
    public ImmutableArray<KnownFailure> KnownFailures { get; init; } = [];

    /// <summary>Ends what it began in a container, when it is stopped; null if killing it is enough.</summary>
    internal ExecEnding? Ending { get; init; }

    /// <summary>Whether it only records what is done.</summary>
    public bool IsRecord { get; init; }

    /// <summary>What its failure shows by itself; null if only its output can say why it failed.</summary>
    public CauseName? Cause { get; init; }

    /// <summary>Whether its output helps to explain why an earlier step of the script failed.</summary>
    public bool ExplainsFailure { get; init; }

    /// <summary>The role it works for, if any.</summary>
    public string? Role { get; init; }

    /// <summary>The accessory it works for, if any.</summary>
    public string? Accessory { get; init; }
}

/// <summary>When a step of a script runs, given what happened before it.</summary>
public enum StepRun
{
    /// <summary>If no step has failed.</summary>
    Normally,

    /// <summary>Only after a step has failed, to clean up or to collect details.</summary>
    AfterFailure,

    /// <summary>In any case.</summary>
    Always,
}

/// <summary>A failure of a step that is recognized by the command's output.</summary>
/// <param name="Text">A part of the output, compared without case.</param>
/// <param name="Message">The error message, which the command's output follows.</param>
/// <param name="Recommendation">What the user can do.</param>
public sealed record KnownFailure(string Text, KamalErrorId Error, string Message, string? Recommendation)
{
    /// <summary>Whether the message ends with the command's exit code.</summary>
    public bool TellsExitCode { get; init; }

    /// <summary>The cause that the output shows, if it shows one.</summary>
    public CauseName? Cause { get; init; }
}
