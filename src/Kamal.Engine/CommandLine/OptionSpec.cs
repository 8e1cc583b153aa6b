using System.Collections.Immutable;

namespace Kamal.Engine.CommandLine;

/// <summary>An option of Kamal's command line.</summary>
/// <param name="Name">Its long name without dashes, such as <c>skip-push</c>.</param>
/// <param name="Help">What it does, in one line.</param>
public sealed record OptionSpec(string Name, OptionKind Kind, string Help)
{
    /// <summary>Its letter, if any. Case-sensitive: <c>-p</c> is not <c>-P</c>.</summary>
    public char? Letter { get; init; }

    /// <summary>The values that a text may have; any, if empty.</summary>
    public ImmutableArray<string> Values { get; init; } = [];

    /// <summary>Values that completion offers; others are accepted too.</summary>
    public ImmutableArray<string> Suggestions { get; init; } = [];

    /// <summary>Whether it is required.</summary>
    public bool IsRequired { get; init; }

    /// <summary>
    /// Whether it is always case-insensitive. Other shell options are case-sensitive before a command to run, so that they do not
    /// match its options, such as <c>-version</c>.
    /// </summary>
    public bool IgnoresCase { get; init; }

    /// <summary>Its name in errors: as written, and its long name.</summary>
    internal string Spelled(string written) => written switch
    {
        { Length: 2 } => $"{written} (--{Name})",
        ['-', not '-', ..] => written.Split(':')[0],
        _ => "--" + Name,
    };
}

/// <summary>The kind of an option's value.</summary>
public enum OptionKind
{
    /// <summary>A <see cref="bool"/>: no value, <c>true</c> or <c>false</c>; <c>--no-NAME</c> negates it.</summary>
    Flag,

    /// <summary>One word.</summary>
    Text,

    /// <summary>One number: an <see cref="int"/>.</summary>
    Number,

    /// <summary>One word; can be repeated. The value of this and all kinds below is a string array.</summary>
    Repeatable,

    /// <summary>One word: a comma-separated list.</summary>
    CommaList,

    /// <summary>All words up to the next option.</summary>
    Words,

    /// <summary>All words of the form <c>KEY:VALUE</c> up to the next option or other word.</summary>
    Pairs,
}

/// <summary>Options that the shell adds to Kamal's, and its spellings of Kamal's options.</summary>
public sealed record ShellOptions
{
    /// <summary>No additional options.</summary>
    public static ShellOptions None { get; } = new();

    /// <summary>Options that every command accepts, such as <c>-WhatIf</c>.</summary>
    public ImmutableArray<OptionSpec> Options { get; init; } = [];

    /// <summary>
    /// Returns the shell's spelling of one of Kamal's options, such as <c>-SkipPush</c>, or null. The command is null if it is
    /// not known yet.
    /// </summary>
    public Func<CommandSpec?, OptionSpec, string?> Spelling { get; init; } = (_, _) => null;
}
