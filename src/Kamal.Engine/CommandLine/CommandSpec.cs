using System.Collections.Immutable;

namespace Kamal.Engine.CommandLine;

/// <summary>A command of Kamal's command line.</summary>
/// <param name="Path">Its words, such as <c>app boot</c>.</param>
/// <param name="Help">What it does, in one line.</param>
public sealed record CommandSpec(string Path, string Help)
{
    /// <summary>Its own options, in addition to <see cref="Grammar.GlobalOptions"/>.</summary>
    public ImmutableArray<OptionSpec> Options { get; init; } = [];

    /// <summary>The arguments it takes, in order.</summary>
    public ImmutableArray<ArgumentSpec> Arguments { get; init; } = [];

    /// <summary>Whether Kamal asks for confirmation unless <c>-y</c> is given.</summary>
    public bool Asks { get; init; }

    /// <summary>Whether it is hidden from help and completion, as in Kamal.</summary>
    public bool IsHidden { get; init; }

    /// <summary>The words of <see cref="Path"/>.</summary>
    public ImmutableArray<string> Words { get; } = [.. Path.Split(' ')];

    /// <summary>Whether it runs a user's command, so that unknown options belong to that command.</summary>
    internal bool RunsCommand => Arguments.Any(argument => argument.IsCommand);

    /// <summary>Its usage, such as <c>app exec CMD…</c>.</summary>
    internal string Usage => string.Join(' ', [Path, .. Arguments.Select(argument => argument switch
    {
        { TakesRest: true, IsOptional: true } => $"[{argument.Name}…]",
        { TakesRest: true } => $"{argument.Name}…",
        { IsOptional: true } => $"[{argument.Name}]",
        _ => argument.Name,
    })]);
}

/// <summary>An argument of a command: one word, or all remaining words.</summary>
/// <param name="Name">Its name in help, such as <c>VERSION</c>.</param>
public sealed record ArgumentSpec(string Name)
{
    /// <summary>Whether it can be omitted.</summary>
    public bool IsOptional { get; init; }

    /// <summary>Whether it takes all remaining words.</summary>
    public bool TakesRest { get; init; }

    /// <summary>Whether its words are a command to run, which has its own options.</summary>
    public bool IsCommand { get; init; }

    /// <summary>Whether it is a secret, so that errors must not quote the command line.</summary>
    public bool IsSecret { get; init; }
}
