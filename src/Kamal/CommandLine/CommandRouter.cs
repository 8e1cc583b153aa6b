using System.Collections.Immutable;
using Kamal.Engine;

namespace Kamal.CommandLine;

/// <summary>Finds out what a command line means. Words of commands may be shortened as long as they are clear; dashes count as underscores.</summary>
internal static class CommandRouter
{
    /// <summary>Whether the first word names a command or several; if not, it may be an alias.</summary>
    /// <param name="word">The first word.</param>
    public static bool IsCommand(string word) => word == "help" || Matches(Grammar.Commands.Select(command => command.Group), word).Count > 0;

    /// <summary>The cmdlet and parameters that a command line means.</summary>
    /// <param name="arguments">The words after <c>kamal</c>, an alias being replaced already.</param>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ArgumentInvalid"/>: it means nothing; says what was wrong.</exception>
    public static Invocation Route(IReadOnlyList<string> arguments)
    {
        var (words, whatIf) = TakeSwitch(arguments, "-WhatIf");
        var (command, rest) = FindCommand(words);
        var (values, given) = OptionParser.Parse([.. Grammar.GlobalOptions, .. command.Options], rest);
        var parameters = command.Fixed.ToBuilder();
        foreach (var (name, value) in values) parameters[name] = value;
        foreach (var (name, value) in Assign(command, given)) parameters[name] = value;
        var quiet = parameters.Remove("Quiet", out var said) && said is true;
        var confirmed = parameters.Remove("Confirmed", out var yes) && yes is true;
        parameters["Confirm"] = command.Asks && !confirmed && !whatIf;
        if (whatIf) parameters["WhatIf"] = true;
        return new(command, parameters.ToImmutable()) { IsQuiet = quiet };
    }

    /// <summary>The commands whose words begin like the given ones: for the help.</summary>
    public static ImmutableArray<CommandSpec> Find(IReadOnlyList<string> words)
    {
        IEnumerable<CommandSpec> candidates = Grammar.Commands;
        for (var i = 0; i < words.Count; i++)
        {
            var position = i;
            var matches = Matches(candidates.Select(command => WordAt(command, position)).OfType<string>(), words[i]);
            candidates = candidates.Where(command => WordAt(command, position) is { } word && matches.Contains(word)).ToList();
        }

        return [.. candidates];
    }

    private static (CommandSpec Command, IReadOnlyList<string> Remaining) FindCommand(IReadOnlyList<string> words)
    {
        IReadOnlyList<CommandSpec> candidates = Grammar.Commands;
        List<string> path = [];
        for (var i = 0; i < words.Count; i++)
        {
            var position = i;
            var matches = Matches(candidates.Select(command => WordAt(command, position)).OfType<string>(), words[i]);
            var spoken = string.Join(' ', [.. path, words[i]]);
            if (matches.Count == 0) throw Unknown(spoken, path, candidates, position);
            if (matches.Count > 1) throw Wrong($"'kamal {spoken}' could mean {string.Join(", ", matches)}.");
            path.Add(matches[0]);
            candidates = [.. candidates.Where(command => WordAt(command, position) == matches[0])];
            if (candidates is [var only] && only.Path == string.Join(' ', path)) return (only, [.. words.Skip(i + 1)]);
        }

        throw Unknown(string.Join(' ', path), path, candidates, path.Count);
    }

    private static Dictionary<string, object> Assign(CommandSpec command, ImmutableArray<string> words)
    {
        Dictionary<string, object> parameters = [];
        var next = 0;
        foreach (var argument in command.Arguments)
        {
            if (argument.TakesRest)
            {
                if (next < words.Length) parameters[argument.Parameter] = words[next..].ToArray();
                next = words.Length;
            }
            else if (next < words.Length)
            {
                parameters[argument.Parameter] = words[next++];
            }
            else if (!argument.IsOptional)
            {
                throw Wrong($"'kamal {command.Path}' needs {argument.Name}.");
            }
        }

        return next == words.Length ? parameters : throw Wrong($"'kamal {command.Path}' does not know '{words[next]}'.");
    }

    private static (IReadOnlyList<string> Remaining, bool Found) TakeSwitch(IReadOnlyList<string> arguments, string name)
    {
        var rest = arguments.Where(word => !string.Equals(word, name, StringComparison.OrdinalIgnoreCase)).ToList();
        return (rest, rest.Count < arguments.Count);
    }

    /// <summary>The candidates that a word means: the one that equals it, or those that begin with it.</summary>
    private static List<string> Matches(IEnumerable<string> candidates, string word)
    {
        var normal = word.Replace('-', '_');
        var all = candidates.Distinct().ToList();
        return all.Contains(normal) ? [normal] : normal.Length == 0 ? [] : [.. all.Where(candidate => candidate.StartsWith(normal, StringComparison.Ordinal))];
    }

    private static string? WordAt(CommandSpec command, int position)
    {
        var words = command.Path.Split(' ');
        return position < words.Length ? words[position] : null;
    }

    private static KamalException Unknown(string spoken, List<string> path, IReadOnlyList<CommandSpec> candidates, int position)
    {
        var choices = string.Join(", ", candidates.Where(command => !command.IsHidden).Select(command => WordAt(command, position)).OfType<string>().Distinct());
        var message = path.Count == 0 ? $"There is no command or alias '{spoken}'." : $"'kamal {spoken}' is not a command; after 'kamal {string.Join(' ', path)}' comes one of {choices}.";
        return Wrong(message);
    }

    private static KamalException Wrong(string message) =>
        new(KamalErrorId.ArgumentInvalid, message) { Recommendation = "'kamal help' lists the commands, 'kamal help COMMAND' its options." };
}
