using System.Collections.Immutable;

namespace Kamal.Engine.CommandLine;

/// <summary>A command line: a command to run, or a request for help.</summary>
public sealed record KamalCommandLine
{
    // Kamal has no limit.
    private const int MaxAliases = 20;

    /// <summary>The command to run, or null if help was requested.</summary>
    public ParsedCommand? Command { get; private init; }

    /// <summary>The words that help was requested for; none for all commands.</summary>
    public ImmutableArray<string> HelpWords { get; private init; } = [];

    /// <summary>
    /// Reads a command line. Help is requested by <c>help</c>, <c>--help</c>, <c>-h</c> at the end, a group without a command, or
    /// an empty line.
    /// </summary>
    /// <param name="words">The words after <c>kamal</c>.</param>
    /// <param name="aliases">Returns the text of an alias, given the global options on the line, or null.</param>
    /// <param name="shell">The shell's additional options; null for none.</param>
    /// <exception cref="KamalException">
    /// <see cref="KamalErrorId.ArgumentInvalid"/>: the line is not valid. <see cref="KamalErrorId.ConfigurationInvalid"/>: an
    /// alias cannot be expanded.
    /// </exception>
    public static KamalCommandLine Read(
        IReadOnlyList<string> words, Func<string, IReadOnlyDictionary<string, object>, string?> aliases,
        ShellOptions? shell = null)
    {
        ArgumentNullException.ThrowIfNull(words);
        ArgumentNullException.ThrowIfNull(aliases);
        if (words is ["--version" or "-v"]) return new() { Command = CommandParser.Parse(["version"]) };
        var (rest, wantsHelp) = TakeHelp(words);
        rest = Expand(rest, aliases, shell);
        if (!wantsHelp) (rest, wantsHelp) = TakeHelp(rest);
        if (rest.Count > 0 && rest[0].StartsWith('-')) throw Misplaced(rest[0]);
        if (wantsHelp) return new() { HelpWords = CommandWords(rest) };
        var found = CommandFinder.Find([.. rest.TakeWhile(word => !IsOption(word))]);
        return found.Command is null && found.Length == rest.Count
            ? new() { HelpWords = [.. rest] }
            : new() { Command = CommandParser.Parse(rest, shell) };
    }

    /// <summary>The line without a request for help.</summary>
    private static (IReadOnlyList<string> Remaining, bool WantsHelp) TakeHelp(IReadOnlyList<string> words)
    {
        switch (words)
        {
            case []:
                return (words, true);
            case ["help" or "--help" or "-h" or "-?", ..]:
                return ([.. words.Skip(1).Where(word => !IsOption(word))], true);
            case [var group, "help", ..] when CommandFinder.IsCommand(group) && CommandFinder.Find([group]).Command is null:
                return ([group, .. words.Skip(2)], true);
        }

        var end = words.TakeWhile(word => word != "--").Count();
        var isAsked = words.Take(end).Contains("--help") || end == words.Count && words[^1] == "-h";
        return isAsked ? ([.. words.Take(end).Where(word => word is not ("--help" or "-h"))], true) : (words, false);
    }

    /// <summary>Expands aliases. The full name of a command is never an alias; its abbreviation can be.</summary>
    internal static IReadOnlyList<string> Expand(
        IReadOnlyList<string> words, Func<string, IReadOnlyDictionary<string, object>, string?> aliases, ShellOptions? shell)
    {
        var spellings = CommandParser.Spellings(shell, null, Grammar.GlobalOptions);
        List<string> seen = [];
        while (words is [var first, ..] && !IsOption(first) && !CommandFinder.IsCommand(first, exactly: true))
        {
            if (aliases(first, OptionParser.Parse(Grammar.GlobalOptions, words.Skip(1), spellings).Values) is not { } text) break;
            seen.Add(first);
            if (seen.IndexOf(first) < seen.Count - 1 || seen.Count > MaxAliases)
            {
                throw new KamalException(
                    KamalErrorId.ConfigurationInvalid,
                    $"The alias '{seen[0]}' does not resolve to a command: {string.Join(" → ", seen.Take(MaxAliases))}.")
                {
                    Recommendation = "Fix aliases in the configuration file.",
                };
            }

            words = [.. ShellWords.Split(text), .. words.Skip(1)];
        }

        return words;
    }

    /// <summary>The leading words of a line that name a command.</summary>
    private static ImmutableArray<string> CommandWords(IReadOnlyList<string> words)
    {
        var named = words.TakeWhile(word => !IsOption(word)).ToList();
        return [.. named.Take(CommandFinder.Find(named).Length)];
    }

    private static bool IsOption(string word) => word.Length > 1 && word[0] == '-';

    private static KamalException Misplaced(string option) =>
        new(KamalErrorId.ArgumentInvalid, $"The option '{option}' must follow the command.")
    {
        Recommendation = "Run 'kamal help' for the commands.",
    };
}
