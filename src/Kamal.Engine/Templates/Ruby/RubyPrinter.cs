using System.Globalization;
using System.Text;
using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Engine.Templates.Ruby;

/// <summary>Ruby's to_s, inspect and to_json, as far as the budget allows.</summary>
internal sealed class RubyPrinter(TemplateBudget budget)
{
    private const int MaxDepth = 32;

    /// <summary>The name of a value's class.</summary>
    public static string ClassOf(object? value) => value switch
    {
        null => "NilClass",
        true => "TrueClass",
        false => "FalseClass",
        long => "Integer",
        double => "Float",
        RubyString => "String",
        RubySymbol => "Symbol",
        RubyList => "Array",
        RubyHash => "Hash",
        RubyRange => "Range",
        RubyPattern => "Regexp",
        RubyMatch => "MatchData",
        RubyProc => "Proc",
        RubyTime { IsDate: true } => "Date",
        RubyTime => "Time",
        RubyTemplate => "ERB",
        RubyBinding => "Binding",
        RubyEnumerator => "Enumerator",
        RubyException error => error.Error.Class,
        RubyModule { Name: "ENV" } => "Object",
        _ => "Module",
    };

    /// <summary>Ruby's to_s.</summary>
    public string Print(object? value)
    {
        switch (value)
        {
            case null:
                return "";
            case RubyString text:
                return text.Value;
            case RubySymbol symbol:
                return symbol.Name;
            case RubyModule module:
                return module.Name;
            case RubyTime time:
                return RubyTimes.Print(time);
            case RubyException { Error.IsRaised: true } error:
                return error.Error.Message;
            case RubyMatch match:
                return match.Match.Value;
            case RubyRange range:
                return Print(range.First) + (range.WithoutLast ? "..." : "..") + Print(range.Last);
        }

        return Inspect(value);
    }

    /// <summary>Ruby's inspect.</summary>
    public string Inspect(object? value)
    {
        var text = new StringBuilder();
        Inspect(text, value, 0);
        budget.Text(text.Length);
        return text.ToString();
    }

    private void Inspect(StringBuilder text, object? value, int depth)
    {
        if (depth > MaxDepth) throw new TemplateError($"a value is nested deeper than {MaxDepth} levels");
        switch (value)
        {
            case RubyList list:
                Join(text, list, "[", ", ", "]", item => Inspect(text, item, depth + 1));
                return;
            case RubyHash { Count: 0 }:
                text.Append("{}");
                return;
            case RubyHash:
                throw TemplateError.Unsupported("a hash as text, which Ruby's versions write differently (use .to_json),");
            case RubyRange range:
                if (range.First is not null) Inspect(text, range.First, depth + 1);
                text.Append(range.WithoutLast ? "..." : "..");
                if (range.Last is not null) Inspect(text, range.Last, depth + 1);
                return;
        }

        text.Append(value switch
        {
            null => "nil",
            true => "true",
            false => "false",
            long number => number.ToString(CultureInfo.InvariantCulture),
            double number => RubyScalar.PrintFloat(number),
            RubyString plain => Quote(plain.Value),
            RubySymbol symbol => IsPlainSymbol(symbol.Name) ? ":" + symbol.Name : ":" + Quote(symbol.Name),
            RubyModule module => module.Name,
            RubyPattern pattern => $"/{pattern.Source}/{pattern.Options}",
            _ => throw TemplateError.Unsupported($"a {ClassOf(value)} as text"),
        });
        if (text.Length > TemplateBudget.MaxText) budget.Text(text.Length);
    }

    private void Join(StringBuilder text, RubyList list, string open, string separator, string close, Action<object?> write)
    {
        text.Append(open);
        for (var i = 0; i < list.Count; i++)
        {
            // Empty lists in lists in lists would otherwise cost time and no text.
            budget.List(1);
            if (i > 0) text.Append(separator);
            write(list[i]);
            if (text.Length > TemplateBudget.MaxText) budget.Text(text.Length);
        }

        text.Append(close);
    }

    private static bool IsPlainSymbol(string name) => name.Length > 0
        && (name is "[]" or "+" or "-" or "*" or "/" or "<<" or "==" or "<=>" or "%" or "<" or ">"
            || (!char.IsAsciiDigit(name[0]) && name[..^1].All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
                && (char.IsAsciiLetterOrDigit(name[^1]) || name[^1] is '_' || (name.Length > 1 && name[^1] is '?' or '!' or '='))));

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            quoted.Append(c switch
            {
                '"' or '\\' => "\\" + c,
                '\n' => "\\n",
                '\t' => "\\t",
                '\r' => "\\r",
                '\e' => "\\e",
                '\a' => "\\a",
                '\b' => "\\b",
                '\f' => "\\f",
                '\v' => "\\v",
                '#' when i + 1 < text.Length && text[i + 1] is '{' or '$' or '@' => "\\#",
                _ => char.IsAscii(c) && char.IsControl(c) ? $"\\u{(int)c:X4}" : Printable(c),
            });
        }

        return quoted.Append('"').ToString();
    }

    private static string Printable(char c) => char.IsAscii(c) || char.IsLetterOrDigit(c) || char.IsSurrogate(c) || (char.IsPunctuation(c)
        || char.IsSymbol(c))
        ? c.ToString()
        : throw TemplateError.Unsupported("an unusual character in inspect");

    /// <summary>Ruby's to_json.</summary>
    public string Json(object? value, bool pretty = false)
    {
        var text = new StringBuilder();
        Json(text, value, pretty ? "" : null, 0);
        budget.Text(text.Length);
        return text.ToString();
    }

    private void Json(StringBuilder text, object? value, string? indent, int depth)
    {
        if (depth > MaxDepth) throw new TemplateError($"a value is nested deeper than {MaxDepth} levels");
        var inner = indent is null ? null : indent + "  ";
        var line = inner is null ? "" : "\n" + inner;
        switch (value)
        {
            case RubyList { Count: 0 } when depth > 0 && indent is not null:
                throw TemplateError.Unsupported("an empty list in indented JSON, which Ruby's versions write differently,");
            case RubyList { Count: 0 }:
                text.Append("[]");
                return;
            case RubyList list:
                Join(text, list, "[" + line, "," + line, (indent is null ? "" : "\n" + indent) + "]", item =>
                    Json(text, item, inner, depth + 1));
                return;
            case RubyHash { Count: 0 }:
                text.Append("{}");
                return;
            case RubyHash hash:
                Join(text, new(hash.Pairs.Select(pair => (object?)pair)), "{" + line, "," + line, (indent is null ? ""
                    : "\n" + indent) + "}", item =>
                {
                    var (key, member) = ((object?, object?))item!;
                    text.Append(JsonQuote(Print(key))).Append(indent is null ? ":" : ": ");
                    Json(text, member, inner, depth + 1);
                });
                return;
        }

        text.Append(value switch
        {
            null => "null",
            true => "true",
            false => "false",
            long number => number.ToString(CultureInfo.InvariantCulture),
            double number when double.IsFinite(number) => RubyScalar.PrintFloat(number) is var plain
                && plain.Contains('e', StringComparison.Ordinal)
                ? throw TemplateError.Unsupported("a number this large or small in JSON") : plain,
            RubyString or RubySymbol or RubyTime => JsonQuote(Print(value)),
            _ => throw TemplateError.Unsupported($"a {ClassOf(value)} in JSON"),
        });
    }

    private static string JsonQuote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            quoted.Append(c switch
            {
                '"' or '\\' => "\\" + c,
                '\n' => "\\n",
                '\t' => "\\t",
                '\r' => "\\r",
                '\b' => "\\b",
                '\f' => "\\f",
                < ' ' => $"\\u{(int)c:x4}",
                _ => c.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }
}
