using System.Collections.Immutable;

namespace Kamal.Engine.CommandLine;

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
