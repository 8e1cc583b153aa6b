using System.Collections.Immutable;
using System.Globalization;
using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Engine.Templates;

/// <summary>Methods of nil, booleans, numbers, texts and lists.</summary>
internal sealed class RubyMethods(TemplateBudget budget)
{
    private static readonly ImmutableHashSet<string> Known =
    [
        "[]", "strip", "lstrip", "rstrip", "chomp", "chop", "downcase", "upcase", "capitalize", "to_i", "to_f", "to_s", "to_sym", "length", "size",
        "empty?", "blank?", "present?", "presence", "nil?", "include?", "start_with?", "end_with?", "split", "lines", "sub", "gsub", "tr",
        "delete_prefix", "delete_suffix", "join", "first", "last", "sort", "uniq", "reverse", "compact", "freeze",
    ];

    private static readonly ImmutableHashSet<string> OfEnv = ["fetch", "key?", "has_key?", "include?"];

    public static bool IsKnown(string method, bool isEnv) => isEnv ? OfEnv.Contains(method) : Known.Contains(method);

    public static bool IsTruthy(object? value) => value is not (null or false);

    /// <summary>What Ruby's to_s gives.</summary>
    public static string Print(object? value) => value switch
    {
        null => "",
        bool boolean => boolean ? "true" : "false",
        double real => RubyScalar.PrintFloat(real),
        long integer => integer.ToString(CultureInfo.InvariantCulture),
        IReadOnlyList<object?> list => $"[{string.Join(", ", list.Select(Inspect))}]",
        _ => (string)value,
    };

    public object? Call(object? target, string method, IReadOnlyList<object?> arguments) => (method, target) switch
    {
        ("to_s" or "to_sym", _) => budget.Print(target),
        ("nil?", _) => target is null,
        ("blank?", _) => IsBlank(target),
        ("present?", _) => !IsBlank(target),
        ("presence", _) => IsBlank(target) ? null : target,
        ("freeze", _) => target,
        ("to_i", null) => 0L,
        ("to_i", long) => target,
        ("to_i", double real) => (long)real,
        ("to_f", long integer) => (double)integer,
        (_, string text) => OfText(text, method, arguments),
        (_, IReadOnlyList<object?> list) => OfList(list, method, arguments),
        (_, null) => throw new TemplateError($".{method} is called on nothing (nil)"),
        _ => throw TemplateError.Unsupported($".{method} of this value"),
    };

    private object? OfText(string text, string method, IReadOnlyList<object?> arguments) => method switch
    {
        "strip" => text.Trim(' ', '\t', '\n', '\v', '\f', '\r', '\0'),
        "lstrip" => text.TrimStart(' ', '\t', '\n', '\v', '\f', '\r', '\0'),
        "rstrip" => text.TrimEnd(' ', '\t', '\n', '\v', '\f', '\r', '\0'),
        "chomp" when arguments.Count == 1 => Text(arguments, 0) is var suffix && text.EndsWith(suffix, StringComparison.Ordinal) ? text[..^suffix.Length] : text,
        "chomp" => text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') || text.EndsWith('\r') ? text[..^1] : text,
        "chop" => text.Length == 0 ? text : text[..^1],
        "downcase" => text.ToLowerInvariant(),
        "upcase" => text.ToUpperInvariant(),
        "capitalize" => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant(),
        "to_i" => LeadingInteger(text),
        "to_f" => double.TryParse(text, CultureInfo.InvariantCulture, out var real) ? real : 0.0,
        "length" or "size" => (long)text.Length,
        "empty?" => text.Length == 0,
        "include?" => text.Contains(Text(arguments, 0), StringComparison.Ordinal),
        "start_with?" => arguments.Select((_, i) => Text(arguments, i)).Any(prefix => text.StartsWith(prefix, StringComparison.Ordinal)),
        "end_with?" => arguments.Select((_, i) => Text(arguments, i)).Any(suffix => text.EndsWith(suffix, StringComparison.Ordinal)),
        "split" => Split(text, arguments),
        "lines" => Lines(text),
        "sub" => ReplaceFirst(text, Text(arguments, 0), Text(arguments, 1)),
        "gsub" => ReplaceAll(text, Text(arguments, 0), Text(arguments, 1)),
        "tr" => Translate(text, Text(arguments, 0), Text(arguments, 1)),
        "delete_prefix" => text.StartsWith(Text(arguments, 0), StringComparison.Ordinal) ? text[Text(arguments, 0).Length..] : text,
        "delete_suffix" => text.EndsWith(Text(arguments, 0), StringComparison.Ordinal) ? text[..^Text(arguments, 0).Length] : text,
        _ => throw TemplateError.Unsupported($".{method} of a text"),
    };

    private object? OfList(IReadOnlyList<object?> list, string method, IReadOnlyList<object?> arguments) => method switch
    {
        "[]" when arguments is [long index] => index < 0 ? list.ElementAtOrDefault((int)(list.Count + index)) : list.ElementAtOrDefault((int)Math.Min(index, int.MaxValue)),
        "first" => list.Count == 0 ? null : list[0],
        "last" => list.Count == 0 ? null : list[^1],
        "length" or "size" => (long)list.Count,
        "empty?" => list.Count == 0,
        "include?" => list.Any(item => budget.AreEqual(item, arguments.ElementAtOrDefault(0))),
        "join" => Join(list, arguments.Count == 0 ? "" : Text(arguments, 0)),
        "sort" => Counted(list).OrderBy(budget.Print, StringComparer.Ordinal).ToList(),
        "uniq" => Counted(list).Distinct().ToList(),
        "reverse" => Counted(list).Reverse().ToList(),
        "compact" => Counted(list).Where(item => item is not null).ToList(),
        _ => throw TemplateError.Unsupported($".{method} of a list"),
    };

    private static bool IsBlank(object? value) => value switch
    {
        null or false => true,
        string text => string.IsNullOrWhiteSpace(text),
        IReadOnlyList<object?> list => list.Count == 0,
        _ => false,
    };

    internal static string Inspect(object? value) => value switch
    {
        null => "nil",
        string text => $"\"{string.Concat(text.Select(Escape))}\"",
        _ => Print(value),
    };

    private static string Escape(char c) => c switch
    {
        '"' or '\\' => "\\" + c,
        '\n' => "\\n",
        '\t' => "\\t",
        '\r' => "\\r",
        '\e' => "\\e",
        _ => c.ToString(),
    };

    private static string Text(IReadOnlyList<object?> arguments, int index) =>
        arguments.ElementAtOrDefault(index) as string ?? throw new TemplateError("a text is missing between the parentheses");

    private static long LeadingInteger(string text)
    {
        var trimmed = text.TrimStart().Replace("_", "", StringComparison.Ordinal);
        var length = trimmed.Length > 0 && trimmed[0] is '-' or '+' ? 1 : 0;
        while (length < trimmed.Length && char.IsAsciiDigit(trimmed[length])) length++;
        return long.TryParse(trimmed[..length], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : 0;
    }

    /// <summary>A number as a floating-point one.</summary>
    public static double ToDouble(object? value) => value is long integer ? integer : (double)value!;

    private IReadOnlyList<object?> Counted(IReadOnlyList<object?> list)
    {
        budget.List(list.Count);
        return list;
    }

    /// <summary>Lines with their ends, as Ruby has them.</summary>
    private List<object?> Lines(string text)
    {
        budget.List(text.AsSpan().Count('\n') + 1);
        budget.Text(text.Length);
        var lines = new List<object?>();
        for (var from = 0; from < text.Length;)
        {
            var end = text.IndexOf('\n', from) is >= 0 and var at ? at + 1 : text.Length;
            lines.Add(text[from..end]);
            from = end;
        }

        return lines;
    }

    private string Join(IReadOnlyList<object?> list, string separator)
    {
        var text = new System.Text.StringBuilder();
        for (var i = 0; i < list.Count; i++)
        {
            if (i > 0) text.Append(separator);
            text.Append(budget.Print(list[i]));
            if (text.Length > TemplateBudget.MaxText) break;
        }

        budget.Text(text.Length);
        return text.ToString();
    }

    private string ReplaceAll(string text, string old, string replacement)
    {
        if (old.Length == 0) return text;
        budget.Text(text.Length + ((long)text.AsSpan().Count(old) * Math.Max(0, replacement.Length - old.Length)));
        return text.Replace(old, replacement, StringComparison.Ordinal);
    }

    private List<object?> Split(string text, IReadOnlyList<object?> arguments)
    {
        var separators = arguments.Count == 0 || Text(arguments, 0) == " " ? text.Count(char.IsWhiteSpace) : Text(arguments, 0) is { Length: > 0 } by ? text.AsSpan().Count(by) : 0;
        budget.List(separators + 1L);
        budget.Text(text.Length);
        var parts = arguments.Count == 0 || Text(arguments, 0) == " "
            ? text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            : text.Split(Text(arguments, 0));
        return [.. parts.Reverse().SkipWhile(part => part.Length == 0).Reverse()];
    }

    private string ReplaceFirst(string text, string old, string replacement)
    {
        budget.Text((long)text.Length + replacement.Length);
        var at = text.IndexOf(old, StringComparison.Ordinal);
        return at < 0 ? text : text[..at] + replacement + text[(at + old.Length)..];
    }

    private string Translate(string text, string from, string to)
    {
        budget.Text(text.Length);
        // Every character is looked up in the first text.
        if ((long)text.Length * from.Length > TemplateBudget.MaxText * 8L) budget.Text(long.MaxValue);
        if (from.Contains('^', StringComparison.Ordinal) || (from.Length > 1 && from.Contains('-', StringComparison.Ordinal))) throw TemplateError.Unsupported(".tr with a range");
        return string.Concat(text.Select(c => from.IndexOf(c, StringComparison.Ordinal) is >= 0 and var i ? to.Length == 0 ? "" : to[Math.Min(i, to.Length - 1)].ToString() : c.ToString()));
    }
}
