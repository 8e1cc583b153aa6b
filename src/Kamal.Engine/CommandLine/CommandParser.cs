using System.Collections.Immutable;
using Kamal.Engine.Configuration.Loading;

namespace Kamal.Engine.CommandLine;

/// <summary>Parses Kamal's command line.</summary>
public static class CommandParser
{
    /// <summary>Parses a command line.</summary>
    /// <param name="words">The words after <c>kamal</c>, with aliases expanded.</param>
    /// <param name="shell">The shell's additional options; null for none.</param>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ArgumentInvalid"/>: a command or option is unknown or
    /// incomplete.</exception>
    public static ParsedCommand Parse(IReadOnlyList<string> words, ShellOptions? shell = null)
    {
        var found = CommandFinder.Find(words);
        var command = found.Command ?? throw Wrong(words.Count == 0
            ? "No command was given."
            : $"'kamal {string.Join(' ', words)}' is incomplete. It must be followed by one of " +
                $"{string.Join(", ", CommandFinder.Next(found))}.");
        ImmutableArray<OptionSpec> options = [.. Grammar.GlobalOptions, .. command.Options];
        var takesAny = command.RunsCommand || command.Arguments.Any(argument => argument.IsSecret);
        var (values, rest) = OptionParser.Parse(
            options, words.Skip(found.Length), Spellings(shell, command, options),
            takesAny ? null : option => UnknownOption(command, option, options));
        var arguments = Assign(command, rest);
        if (options.FirstOrDefault(option => option.IsRequired && !values.ContainsKey(option.Name)) is { } missing)
        {
            throw Wrong($"'kamal {command.Path}' needs --{missing.Name}.", command);
        }
        return new(command, values.ToImmutableDictionary(StringComparer.Ordinal), arguments);
    }

    /// <summary>The options by the shell's spelling. The shell's own options take precedence.</summary>
    internal static Dictionary<string, OptionSpec> Spellings(ShellOptions? shell, CommandSpec? command, IEnumerable<OptionSpec> options)
    {
        var spellings = new Dictionary<string, OptionSpec>(StringComparer.OrdinalIgnoreCase);
        if (shell is null) return spellings;
        foreach (var option in shell.Options) spellings["-" + option.Name] = option;
        foreach (var option in options)
        {
            if (shell.Spelling(command, option) is { } spelling) spellings.TryAdd(spelling, option);
        }

        return spellings;
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
        Recommendation = command is null
            ? "Run 'kamal help' for the commands."
            : $"Usage: kamal {command.Usage}. Run 'kamal help {command.Path}' for its options.",
    };
}

/// <summary>A parsed command line: a command with its options and arguments.</summary>
/// <param name="Options">Values by option name, of the type that the <see cref="OptionKind"/> specifies.</param>
/// <param name="Arguments">Words by argument name, without omitted arguments.</param>
public sealed record ParsedCommand(
    CommandSpec Command, ImmutableDictionary<string, object> Options, ImmutableDictionary<string, ImmutableArray<string>> Arguments)
{
    /// <summary>Whether a flag is set.</summary>
    public bool Has(string option) => Options.TryGetValue(option, out var value) && value is true;

    /// <summary>The text of an option, or null if it is not set.</summary>
    public string? Text(string option) => Options.GetValueOrDefault(option) as string;
}
