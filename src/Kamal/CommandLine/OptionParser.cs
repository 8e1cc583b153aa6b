using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Kamal.Engine;

namespace Kamal.CommandLine;

/// <summary>
/// Tells options from words as Thor does, the library behind Kamal's command line: options anywhere, <c>--opt=value</c>,
/// <c>-ovalue</c> for numbers, letters together (<c>-Pv</c>), <c>--no-opt</c>, underscores for dashes, <c>--</c> ends options,
/// and an unknown option stays where it was as a word, so that <c>app exec ls -l /</c> needs no quotes.
/// </summary>
internal sealed partial class OptionParser
{
    private readonly Dictionary<string, OptionSpec> _switches = new(StringComparer.Ordinal);
    private readonly Dictionary<string, object> _values = new(StringComparer.OrdinalIgnoreCase);
    private readonly LinkedList<(string Text, bool IsValue)> _rest = [];
    private readonly List<string> _words = [];
    private bool _parsing = true;

    private OptionParser(IEnumerable<OptionSpec> options, IEnumerable<string> arguments)
    {
        foreach (var option in options)
        {
            _switches["--" + option.Name] = option;
            if (option.Letter is { } letter) _switches["-" + letter] = option;
        }

        foreach (var argument in arguments) _rest.AddLast((argument, false));
    }

    /// <summary>Parses arguments.</summary>
    /// <param name="options">The options there are.</param>
    /// <param name="arguments">The arguments after the command's name.</param>
    /// <returns>Values by parameter name, and the words that are no options.</returns>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ArgumentInvalid"/>: an option lacks its value or has a wrong one.</exception>
    public static (IReadOnlyDictionary<string, object> Values, ImmutableArray<string> Words) Parse(IEnumerable<OptionSpec> options, IEnumerable<string> arguments)
    {
        var parser = new OptionParser(options, arguments);
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
        else
        {
            _words.Add(text);
        }
    }

    /// <summary>The option of a switch: by its name, one of its letters, or the name after <c>no-</c>.</summary>
    private OptionSpec? Find(string text)
    {
        if (text is ['-', not '-', ..]) return _switches.GetValueOrDefault(text);
        var name = text.Replace('_', '-');
        if (_switches.TryGetValue(name, out var option)) return option;
        return IsNegated(name) && _switches.TryGetValue("--" + name[5..], out var negated) && negated.Kind == OptionKind.Flag ? negated : null;
    }

    private static bool IsNegated(string name) => name.StartsWith("--no-", StringComparison.Ordinal);

    private void Assign(string text)
    {
        var option = Find(text)!;
        var spelled = option.Letter is not null && text.Length == 2 ? $"{text} (--{option.Name})" : "--" + option.Name;
        switch (option.Kind)
        {
            case OptionKind.Flag:
                var said = PeekValue() is { } word && bool.TryParse(word, out var value) ? TakeBoolean(value) : !(IsNegated(text.Replace('_', '-')) && !_switches.ContainsKey(text.Replace('_', '-')));
                _values[option.Parameter] = said != option.Inverted;
                break;
            case OptionKind.Number:
                var number = Value(spelled);
                if (!int.TryParse(number, NumberStyles.Integer, CultureInfo.InvariantCulture, out var count)) throw Wrong($"{spelled} takes a number, not '{number}'.");
                _values[option.Parameter] = count;
                break;
            case OptionKind.CommaList:
                _values[option.Parameter] = Value(spelled).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                break;
            case OptionKind.Repeatable:
                _values[option.Parameter] = (string[])[.. Before(option), Value(spelled)];
                break;
            case OptionKind.Words:
                _values[option.Parameter] = (string[])[.. Before(option), .. TakeWhile(_ => true)];
                break;
            case OptionKind.Pairs:
                var pairs = _values.TryGetValue(option.Parameter, out var before) ? (Hashtable)before : [];
                foreach (var pair in TakeWhile(word => word.Contains(':', StringComparison.Ordinal)))
                {
                    var colon = pair.IndexOf(':', StringComparison.Ordinal);
                    pairs[pair[..colon]] = pair[(colon + 1)..];
                }

                _values[option.Parameter] = pairs;
                break;
            default:
                _values[option.Parameter] = Value(spelled);
                break;
        }
    }

    private string[] Before(OptionSpec option) => _values.TryGetValue(option.Parameter, out var before) ? (string[])before : [];

    /// <summary>An option's value: any word that is not formed like an option, as <c>"-i -C 2"</c> for grep is not.</summary>
    private string Value(string spelled) =>
        _rest.First is { Value: var (text, isValue) } && (isValue || !OptionLike().IsMatch(text)) ? TakeText(text) : throw Wrong($"{spelled} needs a value.");

    private IEnumerable<string> TakeWhile(Func<string, bool> belongs)
    {
        while (PeekValue() is { } word && belongs(word)) yield return TakeText(word);
    }

    /// <summary>The next word if it is a value and not an option.</summary>
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
        new(KamalErrorId.ArgumentInvalid, message) { Recommendation = "'kamal help COMMAND' shows the options." };

    [GeneratedRegex(@"^(--\w+(-\w+)*(=.*)?|-[A-Za-z]+|-[A-Za-z](=.*|\d+))$", RegexOptions.Singleline)]
    private static partial Regex OptionLike();

    [GeneratedRegex("^-[A-Za-z]{2,}$")]
    private static partial Regex ShortGroup();

    [GeneratedRegex(@"^(--\w+(?:-\w+)*|-[A-Za-z])=(.*)$", RegexOptions.Singleline)]
    private static partial Regex WithValue();

    [GeneratedRegex(@"^(-[A-Za-z])(\d+)$")]
    private static partial Regex ShortNumber();
}
