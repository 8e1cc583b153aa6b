using System.Collections.Immutable;

namespace Kamal.Engine.CommandLine;

/// <summary>What a command line means: a command with its options and arguments.</summary>
/// <param name="Command">The command.</param>
/// <param name="Options">Values by the option's name, of the type that its <see cref="OptionKind"/> has.</param>
/// <param name="Arguments">Words by the argument's name; an argument that was not given is missing.</param>
public sealed record ParsedCommand(
    CommandSpec Command, ImmutableDictionary<string, object> Options, ImmutableDictionary<string, ImmutableArray<string>> Arguments)
{
    /// <summary>Whether a flag was given, and not denied.</summary>
    public bool Has(string option) => Options.TryGetValue(option, out var value) && value is true;

    /// <summary>The text of an option, or null if it was not given.</summary>
    public string? Text(string option) => Options.GetValueOrDefault(option) as string;
}
