using System.Collections.Immutable;
using Kamal.Engine.Configuration;

namespace Kamal.Engine.CommandLine;

/// <summary>A completion of a word on a command line.</summary>
/// <param name="Help">A description, or the word itself.</param>
/// <param name="IsOption">Whether it is an option name.</param>
public sealed record CompletedWord(string Text, string Help, bool IsOption = false);

/// <summary>Completes a command line from the grammar and from local names, without connecting to a host.</summary>
public sealed class CommandLineCompletion
{
    private readonly Func<IReadOnlyDictionary<string, object>, ConfigurationNames> _names;
    private readonly ShellOptions _shell;

    /// <summary>Creates a completer.</summary>
    /// <param name="names">Reads the names in the configuration, given the global options on the line.</param>
    /// <param name="shell">The shell's additional options; null for none.</param>
    public CommandLineCompletion(
        Func<IReadOnlyDictionary<string, object>, ConfigurationNames> names, ShellOptions? shell = null)
    {
        _names = names;
        _shell = shell ?? ShellOptions.None;
    }

    /// <summary>The names of the adapters for password managers.</summary>
    public ImmutableArray<string> Adapters { get; init; } = [];

    /// <summary>
    /// What the grammar does not know, by what it names: <c>VERSION</c>, <c>container-id</c>, <c>account</c>, <c>from</c>,
    /// <c>SECRETS</c> at a password manager, or <c>NAME</c> of a secret; given the global options on the line.
    /// </summary>
    public Func<string, IReadOnlyDictionary<string, object>, IEnumerable<CompletedWord>> Others { get; init; } = (_, _) => [];

    /// <summary>The completions of a word.</summary>
    /// <param name="before">The words before it.</param>
    /// <param name="word">The part of the word that was typed.</param>
    public IReadOnlyList<CompletedWord> Complete(IReadOnlyList<string> before, string word)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(word);
        var all = before is [] or ["help"] ? FirstWords(before) : AfterWords(Expand(WithoutHelp(before)), word);
        return [.. all.Where(candidate => candidate.Text.StartsWith(word, StringComparison.OrdinalIgnoreCase))];
    }

    /// <summary>Expands the alias alone, because options after it may be incomplete.</summary>
    private IReadOnlyList<string> Expand(IReadOnlyList<string> words) =>
        [.. KamalCommandLine.Expand([words[0]], Alias, _shell), .. words.Skip(1)];

    private static IReadOnlyList<string> WithoutHelp(IReadOnlyList<string> words) => words[0] == "help" ? [.. words.Skip(1)] : words;

    private string? Alias(string name, IReadOnlyDictionary<string, object> options) => _names(options).Aliases.GetValueOrDefault(name);

    private IEnumerable<CompletedWord> FirstWords(IReadOnlyList<string> before) =>
    [
        .. Words(CommandFinder.Find([])),
        .. _names(ImmutableDictionary<string, object>.Empty).Aliases.OrderBy(alias => alias.Key, StringComparer.Ordinal)
            .Select(alias => new CompletedWord(alias.Key, $"Alias of {alias.Value}")),
        .. before.Count == 0 ? [new("help", "Show the commands, or the help of one")] : Array.Empty<CompletedWord>(),
    ];

    private IEnumerable<CompletedWord> AfterWords(IReadOnlyList<string> before, string word)
    {
        var found = CommandFinder.Find([.. before.TakeWhile(text => !text.StartsWith('-'))]);
        if (found.Command is not { } command) return Words(found);
        ImmutableArray<OptionSpec> options = [.. Grammar.GlobalOptions, .. command.Options];
        var spellings = CommandParser.Spellings(_shell, command, options);
        var rest = before.Skip(found.Length).ToList();
        if (rest.Contains("--")) return [];
        if (rest is [.., var last]
            && Option(last, options, spellings) is { Kind: not OptionKind.Flag } given) return Values(given, rest.SkipLast(1), word);
        if (word.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals && Option(word[..equals], options, spellings) is { } assigned)
        {
            return Values(assigned, rest, word[(equals + 1)..]).Select(value => value with { Text = $"{word[..equals]}={value.Text}" });
        }

        return word.StartsWith('-') ? Options(options, spellings) : Arguments(command, options, spellings, rest);
    }

    private static IEnumerable<CompletedWord> Words(FoundCommand found) =>
        CommandFinder.Next(found).Select(text => new CompletedWord(
            text,
            found.Candidates.First(command => command.Words[found.Length] == text) is var command
                && command.Words.Length == found.Length + 1
            ? command.Help
            : $"Commands of {text}"));

    private static OptionSpec? Option(string text, IEnumerable<OptionSpec> options, Dictionary<string, OptionSpec> spellings) =>
        options.FirstOrDefault(option => text == "--" + option.Name || text is ['-', var letter] && option.Letter == letter)
            ?? spellings.GetValueOrDefault(text);

    private static IEnumerable<CompletedWord> Options(IEnumerable<OptionSpec> options, Dictionary<string, OptionSpec> spellings) =>
    [
        .. options.Select(option => new CompletedWord("--" + option.Name, option.Help, true)),
        new("--help", "Show the help of the command", true),
        .. spellings.Select(pair => new CompletedWord(pair.Key, pair.Value.Help.Length > 0 ? pair.Value.Help : pair.Key, true)),
    ];

    private IEnumerable<CompletedWord> Arguments(
        CommandSpec command, ImmutableArray<OptionSpec> options, Dictionary<string, OptionSpec> spellings, List<string> rest)
    {
        var words = OptionParser.Parse(options, rest, spellings).Words;
        var argument = command.Arguments.ElementAtOrDefault(words.Length)
            ?? command.Arguments.LastOrDefault(last => last is { TakesRest: true, IsCommand: false });
        return argument?.Name switch
        {
            "NAME" when command.Words[0] == "accessory" => Plain([.. Names(rest).Accessories, "all"]),
            "NAME" => Others("NAME", Globals(rest)),
            "SECRETS" when argument.TakesRest => Others("SECRETS", Globals(rest)),
            "VERSION" => Others("VERSION", Globals(rest)),
            "SECTION" => Plain(ConfigurationDocumentation.Topics),
            _ => [],
        };
    }

    private IEnumerable<CompletedWord> Values(OptionSpec option, IEnumerable<string> rest, string word) => option.Name switch
    {
        "hosts" or "exclude-hosts" => List(Names(rest).Hosts, word),
        "roles" => List(Names(rest).Roles, word),
        "destination" => Plain(Names(rest).Destinations),
        "version" => Others("VERSION", Globals(rest)),
        "adapter" => Plain(Adapters),
        "container-id" or "account" or "from" => Others(option.Name, Globals(rest)),
        _ => Plain([.. option.Values, .. option.Suggestions]),
    };

    /// <summary>Values after the last comma of a list.</summary>
    private static IEnumerable<CompletedWord> List(IEnumerable<string> values, string word)
    {
        var before = word[..(word.LastIndexOf(',') + 1)];
        return values.Select(value => new CompletedWord(before + value, value));
    }

    private static IEnumerable<CompletedWord> Plain(IEnumerable<string> values) => values.Select(value => new CompletedWord(value, value));

    private ConfigurationNames Names(IEnumerable<string> rest) => _names(Globals(rest));

    private IReadOnlyDictionary<string, object> Globals(IEnumerable<string> rest) =>
        OptionParser.Parse(Grammar.GlobalOptions, rest, CommandParser.Spellings(_shell, null, Grammar.GlobalOptions)).Values;
}
