using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Kamal.Engine.CommandLine;

/// <summary>
/// Parses options as Thor does, the library behind Kamal's command line: options anywhere, <c>--opt=value</c>,
/// <c>-ovalue</c> for numbers, combined letters (<c>-Pv</c>), <c>--no-opt</c>, underscores for dashes, and <c>--</c> to end options.
/// For a command that runs a command, unknown options are words, so that <c>app exec ls -l /</c> needs no quotes.
/// </summary>
internal sealed partial class OptionParser
{
    private readonly Dictionary<string, OptionSpec> _switches = new(StringComparer.Ordinal);
    private readonly Dictionary<string, object> _values = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Text, bool IsValue)> _rest = [];
    private readonly List<string> _words = [];
    private readonly Dictionary<string, OptionSpec> _spellings;
    private readonly Func<string, KamalException>? _unknown;
    private bool _parsing = true;

    private OptionParser(
        IEnumerable<OptionSpec> options, IEnumerable<string> arguments, IReadOnlyDictionary<string, OptionSpec> spellings,
        Func<string, KamalException>? unknown)
    {
        _unknown = unknown;
        // Case-insensitive, as in PowerShell, unless the words may belong to another command.
        _spellings = new(spellings, unknown is null ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);
        foreach (var option in options)
        {
            _switches["--" + option.Name] = option;
            if (option.Letter is { } letter) _switches["-" + letter] = option;
        }

        foreach (var argument in arguments) _rest.AddLast((argument, false));
    }

    /// <summary>Parses arguments.</summary>
    /// <param name="options">The available options.</param>
    /// <param name="arguments">The arguments after the command's name.</param>
    /// <param name="spellings">The shell's spellings of options.</param>
    /// <param name="unknown">Returns the error for an unknown option; null to treat it as a word.</param>
    /// <returns>Values by option name, and the words that are not options.</returns>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ArgumentInvalid"/>: an option is unknown, or its value is missing
    /// or not valid.</exception>
    public static (IReadOnlyDictionary<string, object> Values, ImmutableArray<string> Words) Parse(
        IEnumerable<OptionSpec> options, IEnumerable<string> arguments, IReadOnlyDictionary<string, OptionSpec> spellings,
        Func<string, KamalException>? unknown = null)
    {
        var parser = new OptionParser(options, arguments, spellings, unknown);
        while (parser._rest.Count > 0) parser.Next();
        return (parser._values, [.. parser._words]);
    }

    private void Next()
    {
        var (text, isValue) = Take();
        if (!_parsing || isValue || text.Length < 2 || text[0] != '-')
        {
            _words.Add(text);
        }
        else if (text == "--")
        {
            _parsing = false;
        }
        else if (SpellingOf(text) is { } spelled)
        {
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            if (colon >= 0) _rest.AddFirst((text[(colon + 1)..], true));
            Assign(spelled, text);
        }
        else if (ShortGroup().IsMatch(text) && Find(text) is null && text[1..].Any(letter => _switches.ContainsKey("-" + letter)))
        {
            foreach (var letter in text[1..].Reverse()) _rest.AddFirst(("-" + letter, false));
        }
        else if (WithValue().Match(text) is { Success: true } match && Find(match.Groups[1].Value) is not null)
        {
            _rest.AddFirst((match.Groups[2].Value, true));
            Assign(match.Groups[1].Value);
        }
        else if (ShortNumber().Match(text) is { Success: true } number && Find(number.Groups[1].Value) is not null)
        {
            _rest.AddFirst((number.Groups[2].Value, true));
            Assign(number.Groups[1].Value);
        }
        else if (Find(text) is not null)
        {
            Assign(text);
        }
        else if (_unknown is not null && OptionLike().IsMatch(text))
        {
            throw _unknown(text);
        }
        else
        {
            _words.Add(text);
        }
    }

    /// <summary>Finds an option by the shell's spelling, with or without <c>:value</c>.</summary>
    private OptionSpec? SpellingOf(string text)
    {
        var name = text.Split(':')[0];
        if (_spellings.TryGetValue(name, out var option)) return option;
        return _spellings.FirstOrDefault(pair => pair.Value.IgnoresCase
            && string.Equals(pair.Key, name, StringComparison.OrdinalIgnoreCase)).Value;
    }

    /// <summary>Finds an option by its name, its letter, or its name after <c>no-</c>.</summary>
    private OptionSpec? Find(string text)
    {
        if (text is ['-', not '-', ..]) return _switches.GetValueOrDefault(text);
        var name = text.Replace('_', '-');
        if (_switches.TryGetValue(name, out var option)) return option;
        return IsNegated(name) && _switches.TryGetValue("--" + name[5..], out var negated) && negated.Kind == OptionKind.Flag
            ? negated
            : null;
    }

    /// <summary>Whether it negates an option, and is not an option itself, such as <c>--no-cache</c>.</summary>
    private bool IsDenied(string name) => IsNegated(name) && !_switches.ContainsKey(name);

    private static bool IsNegated(string name) => name.StartsWith("--no-", StringComparison.Ordinal);

    private void Assign(string text) => Assign(Find(text)!, text);

    private void Assign(OptionSpec option, string text)
    {
        var spelled = option.Spelled(text);
        switch (option.Kind)
        {
            case OptionKind.Flag:
                var said = PeekValue() is { } word && TryParse(word, out var value)
                    ? TakeBoolean(value)
                    : !IsDenied(text.Replace('_', '-'));
                _values[option.Name] = said;
                break;
            case OptionKind.Number:
                var number = Value(spelled);
                if (!int.TryParse(number, NumberStyles.Integer, CultureInfo.InvariantCulture, out var count))
                {
                    throw Wrong($"{spelled} takes a number, not '{number}'.");
                }
                _values[option.Name] = count;
                break;
            case OptionKind.CommaList:
                _values[option.Name] = Value(spelled).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                break;
            case OptionKind.Repeatable:
                _values[option.Name] = (string[])[.. Before(option), Value(spelled)];
                break;
            case OptionKind.Words:
                _values[option.Name] = (string[])[.. Before(option), .. TakeWhile(_ => true)];
                break;
            case OptionKind.Pairs:
                _values[option.Name] = (string[])[.. Before(option), .. TakeWhile(word => word.Contains(':', StringComparison.Ordinal))];
                break;
            default:
                var given = Value(spelled);
                if (!option.Values.IsEmpty && !option.Values.Contains(given, StringComparer.OrdinalIgnoreCase))
                {
                    throw Wrong($"{spelled} takes {string.Join(", ", option.Values[..^1])} or {option.Values[^1]}, not '{given}'.");
                }
                _values[option.Name] = given;
                break;
        }
    }

    /// <summary>The value of a flag, in Kamal's or PowerShell's form: PowerShell passes <c>$true</c> to a program unchanged.</summary>
    private static bool TryParse(string word, out bool value) => bool.TryParse(word.TrimStart('$'), out value);

    private string[] Before(OptionSpec option) => _values.TryGetValue(option.Name, out var before) ? (string[])before : [];

    /// <summary>An option's value: any word that does not look like an option. <c>"-i -C 2"</c> for grep does not.</summary>
    private string Value(string spelled) =>
        _rest.First is { Value: var (text, isValue) } && (isValue || !OptionLike().IsMatch(text))
            ? TakeText(text)
            : throw Wrong($"{spelled} needs a value.");

    private IEnumerable<string> TakeWhile(Func<string, bool> belongs)
    {
        while (PeekValue() is { } word && belongs(word)) yield return TakeText(word);
    }

    /// <summary>The next word, if it is not an option.</summary>
    private string? PeekValue()
    {
        if (_rest.First is not { } first) return null;
        var (text, isValue) = first.Value;
        return isValue || text.Length < 2 || text[0] != '-' ? text : null;
    }

    private (string Text, bool IsValue) Take()
    {
        var first = _rest.First!.Value;
        _rest.RemoveFirst();
        return first;
    }

    private string TakeText(string text)
    {
        _rest.RemoveFirst();
        return text;
    }

    private bool TakeBoolean(bool value)
    {
        _rest.RemoveFirst();
        return value;
    }

    private static KamalException Wrong(string message) =>
        new(KamalErrorId.ArgumentInvalid, message) { Recommendation = "Run 'kamal help COMMAND' for its options." };

    [GeneratedRegex(@"^(--\w+(-\w+)*(=.*)?|-[A-Za-z]+|-[A-Za-z](=.*|\d+))$", RegexOptions.Singleline)]
    private static partial Regex OptionLike();

    [GeneratedRegex("^-[A-Za-z]{2,}$")]
    private static partial Regex ShortGroup();

    [GeneratedRegex(@"^(--\w+(?:-\w+)*|-[A-Za-z])=(.*)$", RegexOptions.Singleline)]
    private static partial Regex WithValue();

    [GeneratedRegex(@"^(-[A-Za-z])(\d+)$")]
    private static partial Regex ShortNumber();
}
