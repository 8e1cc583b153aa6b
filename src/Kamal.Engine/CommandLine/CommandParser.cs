using System.Collections.Immutable;
using Kamal.Engine.Configuration.Loading;

namespace Kamal.Engine.CommandLine;

/// <summary>Parses Kamal's command line.</summary>
public static class CommandParser
{
    /// <summary>What a command line means.</summary>
    /// <param name="words">The words after <c>kamal</c>, aliases being expanded.</param>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ArgumentInvalid"/>: a command or option is unknown or incomplete.</exception>
    public static ParsedCommand Parse(IReadOnlyList<string> words)
    {
        var found = CommandFinder.Find(words);
        var command = found.Command ?? throw Wrong(words.Count == 0
            ? "A command is missing."
            : $"'kamal {string.Join(' ', words)}' is not complete; it is followed by one of {string.Join(", ", CommandFinder.Next(found))}.");
        ImmutableArray<OptionSpec> options = [.. Grammar.GlobalOptions, .. command.Options];
        var takesAny = command.RunsCommand || command.Arguments.Any(argument => argument.IsSecret);
        var (values, rest) = OptionParser.Parse(options, words.Skip(found.Length), takesAny ? null : option => UnknownOption(command, option, options));
        var arguments = Assign(command, rest);
        if (options.FirstOrDefault(option => option.IsRequired && !values.ContainsKey(option.Name)) is { } missing) throw Wrong($"'kamal {command.Path}' needs --{missing.Name}.", command);
        return new(command, values.ToImmutableDictionary(StringComparer.Ordinal), arguments);
    }

    private static ImmutableDictionary<string, ImmutableArray<string>> Assign(CommandSpec command, ImmutableArray<string> words)
    {
        var given = ImmutableDictionary.CreateBuilder<string, ImmutableArray<string>>(StringComparer.Ordinal);
        var next = 0;
        foreach (var argument in command.Arguments)
        {
            var last = argument.TakesRest ? words.Length : Math.Min(next + 1, words.Length);
            if (last > next) given[argument.Name] = words[next..last];
            else if (!argument.IsOptional) throw Wrong($"'kamal {command.Path}' needs {argument.Name}.", command);
            next = last;
        }

        if (next == words.Length) return given.ToImmutable();
        throw Wrong(command.Arguments.Any(argument => argument.IsSecret)
            ? $"'kamal {command.Path}' takes {command.Arguments.Length} arguments, not {words.Length}."
            : $"'kamal {command.Path}' does not take '{words[next]}'.", command);
    }

    private static KamalException UnknownOption(CommandSpec command, string written, ImmutableArray<OptionSpec> options)
    {
        var name = written.Split('=')[0];
        var nearest = Suggestions.Nearest(name.TrimStart('-'), options.Select(option => option.Name));
        return Wrong($"'kamal {command.Path}' has no option {name}.{(nearest is null ? "" : $" Did you mean --{nearest}?")}", command);
    }

    private static KamalException Wrong(string message, CommandSpec? command = null) => new(KamalErrorId.ArgumentInvalid, message)
    {
        Recommendation = command is null ? "Run 'kamal help' for the commands." : $"Usage: kamal {command.Usage}. Run 'kamal help {command.Path}' for its options.",
    };
}
