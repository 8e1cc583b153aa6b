using System.Collections.Immutable;
using Kamal.Engine.Configuration.Loading;

namespace Kamal.Engine.CommandLine;

/// <summary>Finds commands by their words. A word can be abbreviated if it is unambiguous; dashes count as underscores.</summary>
public static class CommandFinder
{
    private const string Advice = "Run 'kamal help' for the commands.";

    /// <summary>Whether a word is the first word of a command.</summary>
    /// <param name="exactly">Whether abbreviations are not allowed.</param>
    public static bool IsCommand(string word, bool exactly = false)
    {
        ArgumentNullException.ThrowIfNull(word);
        var matches = Matches(Grammar.Commands.Select(command => command.Words[0]), word);
        return exactly ? matches is [var only] && only == Normal(word) : matches.Count > 0;
    }

    /// <summary>Finds a command or a group of commands.</summary>
    /// <param name="words">The words of a command line. Words after the command are ignored.</param>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ArgumentInvalid"/>: a word is unknown or ambiguous.</exception>
    public static FoundCommand Find(IReadOnlyList<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        ImmutableArray<CommandSpec> candidates = Grammar.Commands;
        List<string> path = [];
        foreach (var word in words)
        {
            var position = path.Count;
            var choices = Choices(candidates, position);
            var matches = Matches(choices, word);
            if (matches.Count == 0) throw Unknown(word, path, candidates);
            if (matches.Count > 1) throw Wrong($"'kamal {Spoken(path, word)}' is ambiguous: it could mean {string.Join(", ", matches)}.");
            path.Add(matches[0]);
            candidates = [.. candidates.Where(command => WordAt(command, position) == matches[0])];
            if (candidates is [var only] && only.Words.Length == path.Count) return new(only, candidates, path.Count);
        }

        return new(null, candidates, path.Count);
    }

    /// <summary>The possible next words, without hidden commands.</summary>
    internal static IEnumerable<string> Next(FoundCommand found) =>
        found.Command is null ? Choices(found.Candidates.Where(command => !command.IsHidden), found.Length) : [];

    private static IEnumerable<string> Choices(IEnumerable<CommandSpec> candidates, int position) =>
        candidates.Select(command => WordAt(command, position)).OfType<string>().Distinct();

    /// <summary>The candidate that equals a word, or those that start with it.</summary>
    private static List<string> Matches(IEnumerable<string> candidates, string word)
    {
        var normal = Normal(word);
        var all = candidates.Distinct().ToList();
        return all.Contains(normal)
            ? [normal]
            : normal.Length == 0
            ? []
            : [.. all.Where(candidate => candidate.StartsWith(normal, StringComparison.Ordinal))];
    }

    private static string Normal(string word) => word.Replace('-', '_');

    private static string? WordAt(CommandSpec command, int position) => position < command.Words.Length ? command.Words[position] : null;

    private static string Spoken(List<string> path, string word) => string.Join(' ', [.. path, word]);

    private static KamalException Unknown(string word, List<string> path, ImmutableArray<CommandSpec> candidates)
    {
        if (path.Count == 0 && CmdletFor(Normal(word)) is { } cmdlet)
        {
            return Wrong($"'kamal {word}' is not a command. The cmdlet {cmdlet} does this.", $"In PowerShell, run {cmdlet}.");
        }

        var choices = Choices(candidates.Where(command => !command.IsHidden), path.Count).ToList();
        var meant = Suggestions.Nearest(word, choices) is { } nearest ? $" Did you mean 'kamal {Spoken(path, nearest)}'?" : "";
        return Wrong(
            (path.Count == 0 ? $"'kamal {word}' is not a command or an alias." : $"'kamal {Spoken(path, word)}' is not a command.") + meant,
            path.Count == 0 || meant.Length > 0
                ? Advice
                : $"'kamal {string.Join(' ', path)}' has these commands: {string.Join(", ", choices)}.");
    }

    /// <summary>The cmdlet for a task that Kamal's command line has no command for.</summary>
    private static string? CmdletFor(string word) => word switch
    {
        "status" => "Get-KamalStatus",
        "history" => "Get-KamalHistory",
        "plan" or "diff" => "Get-KamalPlan",
        "orphan" or "orphans" => "Get-KamalOrphan",
        "check" or "doctor" => "Test-KamalHost",
        "validate" => "Test-KamalConfig",
        _ => null,
    };

    private static KamalException Wrong(string message, string advice = Advice) =>
        new(KamalErrorId.ArgumentInvalid, message) { Recommendation = advice };
}

/// <summary>The result of looking up words in the grammar.</summary>
/// <param name="Command">The command, or null for a group of commands.</param>
/// <param name="Candidates">The commands that start with the words.</param>
public sealed record FoundCommand(CommandSpec? Command, ImmutableArray<CommandSpec> Candidates, int Length);
