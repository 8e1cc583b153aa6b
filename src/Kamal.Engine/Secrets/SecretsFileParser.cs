using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Kamal.Engine.Secrets;

/// <summary>Reads the dotenv syntax of a secrets file, with the rules of the dotenv that Kamal uses, into assignments.</summary>
/// <remarks>
/// Where that one would silently take half of a substitution as text, this is an error: with a secret cut short an app
/// fails far away from the cause. A line that it would skip is a warning. No message quotes a line.
/// </remarks>
internal sealed class SecretsFileParser
{
    /// <summary>The longest file that is read, in characters.</summary>
    public const int MaximumLength = 1024 * 1024;

    private const int MaximumProblems = 50;

    /// <summary>Words of a shell's script that stand alone on a line, where they would otherwise be a name without a value.</summary>
    private static readonly HashSet<string> ShellWords = new(StringComparer.Ordinal)
    {
        "then", "else", "fi", "do", "done", "esac", "exit", "return", "break", "continue", "true", "false", "set", "wait",
    };

    private readonly string _text;
    private readonly string _file;
    private readonly bool _legacyLineBreaks;
    private readonly List<string> _problems = [];
    private readonly List<string> _warnings = [];
    private readonly ImmutableArray<SecretEntry>.Builder _entries = ImmutableArray.CreateBuilder<SecretEntry>();
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private int _line = 1;

    private SecretsFileParser(string text, string file, bool legacyLineBreaks)
    {
        _text = text.TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        _file = file;
        _legacyLineBreaks = legacyLineBreaks;
    }

    /// <summary>Reads a file's text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="file">The file, as messages name it.</param>
    /// <param name="legacyLineBreaks">Whether <c>\n</c> in double quotes is a line break (dotenv's DOTENV_LINEBREAK_MODE=legacy).</param>
    /// <param name="warn">Told of each line that is ignored, even if the file has errors.</param>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ConfigurationInvalid"/>: lists every problem with its line.</exception>
    public static ImmutableArray<SecretEntry> Parse(string text, string file, bool legacyLineBreaks = false, Action<string>? warn = null)
    {
        if (text.Length > MaximumLength)
        {
            throw new KamalException(
                KamalErrorId.ConfigurationInvalid,
                $"{file} is larger than {MaximumLength / 1024} KiB, which no file of secrets should be.");
        }

        var parser = new SecretsFileParser(text, file, legacyLineBreaks);
        parser.ReadAll();
        foreach (var warning in parser._warnings) warn?.Invoke(warning);
        return parser._problems.Count == 0
            ? parser._entries.ToImmutable()
            : throw new KamalException(KamalErrorId.ConfigurationInvalid, string.Join('\n', parser._problems));
    }

    private void ReadAll()
    {
        for (var start = 0; start < _text.Length && _problems.Count < MaximumProblems;)
        {
            var next = ReadLine(start, LineEnd(start));
            for (var i = start; i < next && i < _text.Length; i++)
            {
                if (_text[i] == '\n') _line++;
            }

            start = next;
        }
    }

    /// <summary>Reads what begins on a line.</summary>
    /// <returns>The start of the line after it.</returns>
    private int ReadLine(int start, int end)
    {
        var i = SkipBlanks(start, end);
        if (i == end || _text[i] == '#') return end + 1;
        var afterExport = i + "export".Length;
        var exported = string.CompareOrdinal(_text, i, "export", 0, "export".Length) == 0
            && afterExport < end
            && IsBlank(_text[afterExport]);
        if (exported && SkipBlanks(afterExport, end) is var name && name < end && IsKey(_text[name])) i = name;
        else exported = false;

        var keyEnd = i;
        while (keyEnd < end && IsKey(_text[keyEnd])) keyEnd++;
        var key = _text[i..keyEnd];
        var next = SkipBlanks(keyEnd, end);
        if (!exported && ShellWords.Contains(key) && (next == end || _text[next] is '#' or ';')) Ignore();
        else if (key.Length > 0 && (next == end || _text[next] == '#')) AddWithoutValue(key, exported);
        else if (key.Length > 0 && IsSeparator(next, keyEnd, end)) return ReadValue(key, next + 1, end);
        else if (exported && _text[i..end].Split(' ', StringSplitOptions.RemoveEmptyEntries) is var names
            && names.All(each => each.All(IsKey))) AddWithoutValue(names);
        else Ignore();
        return end + 1;
    }

    private bool IsSeparator(int separator, int keyEnd, int end) =>
        _text[separator] == '='
            || (_text[separator] == ':' && separator == keyEnd && (separator + 1 == end || IsBlank(_text[separator + 1])));

    private void AddWithoutValue(string key, bool exported)
    {
        if (!exported) Add(key, [], _line);
        else if (!_keys.Contains(key)) Report($"exports {key}, which has no value before it");
    }

    private void AddWithoutValue(string[] exported)
    {
        foreach (var key in exported) AddWithoutValue(key, exported: true);
    }

    private int ReadValue(string key, int start, int end)
    {
        var open = SkipBlanks(start, end);
        if (open < end && _text[open] is '"' or '\'' && ClosingQuote(open) is var close && close >= 0)
        {
            AddValue(key, _text[open..(close + 1)]);
            return LineEnd(close) + 1;
        }

        var stop = UnquotedEnd(start, ref end);
        var value = _text[start..stop];
        if (value.TrimStart(' ', '\t', '"', '\'').StartsWith("-----BEGIN ", StringComparison.Ordinal)
            && !value.Contains("-----END ", StringComparison.Ordinal))
        {
            Report($"the value of {key} ends with its line; write a value of several lines in double quotes");
        }
        else
        {
            AddValue(key, value);
        }

        return end + 1;
    }

    /// <summary>
    /// The quote that ends the value: after it nothing but a comment stands on its line. -1 if the value is not quoted as a
    /// whole.
    /// </summary>
    private int ClosingQuote(int open)
    {
        var quote = _text[open];
        var escaped = new Stack<int>();
        for (var i = open + 1; i < _text.Length; i++)
        {
            if (_text[i] == '\\' && i + 1 < _text.Length && _text[i + 1] == quote) escaped.Push(++i);
            else if (_text[i] == quote)
            {
                if (IsEndOfValue(i + 1)) return i;
                break;
            }
        }

        // A backslash before the last quote may also be the value's own last character, as in "C:\".
        while (escaped.TryPop(out var candidate))
        {
            if (IsEndOfValue(candidate + 1)) return candidate;
        }

        return -1;
    }

    private bool IsEndOfValue(int index)
    {
        while (index < _text.Length && IsBlank(_text[index])) index++;
        return index >= _text.Length || _text[index] is '\n' or '#';
    }

    /// <summary>
    /// Where an unquoted value ends: at its line's end or before a <c>#</c>, but not inside <c>$(…)</c>, whose lines may go on
    /// after a backslash.
    /// </summary>
    private int UnquotedEnd(int start, ref int end)
    {
        var i = start;
        var open = false;
        while (i < end && _text[i] != '#')
        {
            if (_text[i] == '\\' && i + 1 < end && _text[i + 1] == '$') i++;
            else if (!open && _text[i] == '$' && i + 1 < end && _text[i + 1] == '(')
            {
                var reach = end;
                while (reach < _text.Length && _text[reach - 1] == '\\') reach = LineEnd(reach + 1);
                var closing = ShellContext.FindClosing(_text, i + 1, reach);
                open = closing < 0;
                if (!open) i = closing;
                if (i > end) end = LineEnd(i);
            }

            i++;
        }

        return Math.Min(i, end);
    }

    private void AddValue(string key, string raw)
    {
        var value = raw.Trim();
        var quote = value.Length >= 2 && value[0] is '"' or '\'' && value[^1] == value[0] ? value[0] : '\0';
        if (quote != '\0') value = value[1..^1];
        if (quote == '\'')
        {
            Add(key, value.Length == 0 ? [] : [new SecretPart.Literal(value)], _line);
            return;
        }

        if (quote == '"') value = ExpandLineBreaks(value);
        try
        {
            Add(key, SecretPart.Parse(Unescape(value)), _line);
        }
        catch (FormatException exception)
        {
            Report($"the value of {key} cannot be read: {exception.Message}; if it is meant as text, write it in single quotes");
        }
    }

    private string ExpandLineBreaks(string value) => _legacyLineBreaks
        ? value.Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\r", "\r", StringComparison.Ordinal)
        : value.Replace("\\n", "\\\\n", StringComparison.Ordinal).Replace("\\r", "\\\\r", StringComparison.Ordinal);

    /// <summary>Takes away the backslash before any character but a dollar.</summary>
    private static string Unescape(string value)
    {
        if (!value.Contains('\\')) return value;
        var continues = value.Contains("$(", StringComparison.Ordinal);
        var text = new StringBuilder(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '\\' && i + 1 < value.Length && value[i + 1] != '$')
            {
                i++;
                text.Append(continues && value[i] == '\n' ? ' ' : value[i]);
            }
            else
            {
                text.Append(value[i]);
            }
        }

        return text.ToString();
    }

    private void Add(string key, ImmutableArray<SecretPart> parts, int line)
    {
        _keys.Add(key);
        _entries.Add(new(key, parts, _file, line));
    }

    private void Report(string problem) => _problems.Add(Located(problem));

    private void Ignore()
    {
        if (_warnings.Count == MaximumProblems) return;
        _warnings.Add(Located("the line is ignored, because it is not an assignment (KEY=value); no shell runs this file"));
    }

    private string Located(string text) => string.Create(CultureInfo.InvariantCulture, $"{_file}:{_line}: {text}.");

    private int LineEnd(int index)
    {
        var end = index < _text.Length ? _text.IndexOf('\n', index) : -1;
        return end < 0 ? _text.Length : end;
    }

    private int SkipBlanks(int index, int end)
    {
        while (index < end && IsBlank(_text[index])) index++;
        return index;
    }

    private static bool IsBlank(char c) => c is ' ' or '\t' or '\v' or '\f';

    private static bool IsKey(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '.';
}
