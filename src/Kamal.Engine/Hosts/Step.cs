using System.Collections.Immutable;
using System.Text;
using Kamal.Engine.Commands;

namespace Kamal.Engine.Hosts;

/// <summary>One step of a script: a rendered command, what its failure means and what becomes of its output.</summary>
/// <param name="Name">What it does, in the words of an operator: "Pull the image".</param>
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

/// <summary>Whether a step changes anything on its host.</summary>
public enum StepEffect
{
    /// <summary>It only looks.</summary>
    ReadOnly,

    /// <summary>It may change something, and never reaches a host in a preview.</summary>
    Mutating,
}

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

/// <summary>What a step's command reads from its standard input: a file to upload, a password.</summary>
/// <remarks>It travels inside the script's own standard input and is nobody's argument; it is never shown.</remarks>
public sealed class StepInput
{
    private StepInput(ReadOnlyMemory<byte> content, string description)
    {
        Content = content;
        Description = description;
    }

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>What it is, for a preview; as "the registry's password" or "42 bytes".</summary>
    public string Description { get; }

    /// <summary>Input from text, in UTF-8.</summary>
    /// <param name="description">What it is, for a preview.</param>
    public static StepInput Of(string text, string description) => new(Encoding.UTF8.GetBytes(text), description);

    /// <summary>Input from bytes.</summary>
    /// <param name="description">What it is, for a preview.</param>
    public static StepInput Of(ReadOnlyMemory<byte> content, string description) => new(content, description);

    /// <summary>The description, never the content.</summary>
    public override string ToString() => Description;
}

/// <summary>A failure of a step that its command's own words tell apart from others.</summary>
/// <param name="Text">A part of what the command says then; case does not count.</param>
/// <param name="Message">What to say; the command's output follows.</param>
/// <param name="Recommendation">What the user can do.</param>
public sealed record KnownFailure(string Text, KamalErrorId Error, string Message, string? Recommendation)
{
    /// <summary>Whether the message ends with the command's exit code.</summary>
    public bool TellsExitCode { get; init; }
}
