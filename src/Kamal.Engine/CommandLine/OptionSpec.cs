using System.Collections.Immutable;

namespace Kamal.Engine.CommandLine;

/// <summary>An option of Kamal's command line.</summary>
/// <param name="Name">Its long name without dashes, as <c>skip-push</c>.</param>
/// <param name="Help">What it does, in one line.</param>
public sealed record OptionSpec(string Name, OptionKind Kind, string Help)
{
    /// <summary>Its letter, if it has one. Case counts: <c>-p</c> is not <c>-P</c>.</summary>
    public char? Letter { get; init; }

    /// <summary>Whether the command needs it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Whether its case never counts. An option of the shell whose case counts is not mistaken for one of a command to run, as <c>-version</c>.</summary>
    public bool IgnoresCase { get; init; }

    /// <summary>How errors name it: as it was written, and its long name.</summary>
    internal string Spelled(string written) => written switch
    {
        { Length: 2 } => $"{written} (--{Name})",
        ['-', not '-', ..] => written.Split(':')[0],
        _ => "--" + Name,
    };
}

/// <summary>What an option takes.</summary>
public enum OptionKind
{
    /// <summary>Nothing, or <c>true</c> or <c>false</c>; <c>--no-NAME</c> is its opposite. Its value is a <see cref="bool"/>.</summary>
    Flag,

    /// <summary>One word.</summary>
    Text,

    /// <summary>One number: an <see cref="int"/>.</summary>
    Number,

    /// <summary>One word; given again, it adds to those before. An array of strings, as of all kinds below.</summary>
    Repeatable,

    /// <summary>One word that is a list separated by commas.</summary>
    CommaList,

    /// <summary>All words up to the next option.</summary>
    Words,

    /// <summary>All words <c>KEY:VALUE</c> up to the next option or another word.</summary>
    Pairs,
}

/// <summary>What the shell that runs <c>kamal</c> adds to Kamal's own options: options of its own, and its own spelling of Kamal's.</summary>
public sealed record ShellOptions
{
    /// <summary>Nothing: Kamal's options only.</summary>
    public static ShellOptions None { get; } = new();

    /// <summary>Options that every command takes, as <c>-WhatIf</c>. Their values are by these names.</summary>
    public ImmutableArray<OptionSpec> Options { get; init; } = [];

    /// <summary>The spelling of one of Kamal's options, as <c>-SkipPush</c>; null if it has no other. The command is null where none is known yet.</summary>
    public Func<CommandSpec?, OptionSpec, string?> Spelling { get; init; } = (_, _) => null;
}
