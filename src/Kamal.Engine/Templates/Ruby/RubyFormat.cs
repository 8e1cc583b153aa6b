using System.Globalization;
using System.Text;

namespace Kamal.Engine.Templates.Ruby;

/// <summary>Ruby's format: <c>%05d</c>, <c>%-10s</c>, <c>%.2f</c>, <c>%&lt;name&gt;s</c>, <c>%{name}</c>.</summary>
internal static class RubyFormat
{
    public static string Format(RubyPrinter printer, string format, IReadOnlyList<object?> arguments)
    {
        var text = new StringBuilder();
        var next = 0;
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                text.Append(format[i]);
                continue;
            }

            if (++i >= format.Length) throw new RubyError("ArgumentError", "the format ends with %");
            if (format[i] == '%')
            {
                text.Append('%');
                continue;
            }

            text.Append(Directive(printer, format, ref i, arguments, ref next));
            if (text.Length > TemplateBudget.MaxText) throw new TemplateError("the text grows too large");
        }

        return text.ToString();
    }

    private static string Directive(RubyPrinter printer, string format, ref int i, IReadOnlyList<object?> arguments, ref int next)
    {
        var (flags, width, precision) = ("", 0, -1);
        object? named = null;
        var hasName = false;
        for (; i < format.Length; i++)
        {
            var c = format[i];
            if (c is '-' or '+' or ' ' or '0' or '#') flags += c;
            else if (c is >= '1' and <= '9') width = Number(format, ref i);
            else if (c == '.')
            {
                i++;
                precision = i < format.Length && char.IsAsciiDigit(format[i]) ? Number(format, ref i)
                    : throw TemplateError.Unsupported("this format");
            }
            else if (c is '<' or '{')
            {
                var end = format.IndexOf(c == '<' ? '>' : '}', i);
                if (end < 0 || arguments is not [RubyHash hash]) throw new RubyError("ArgumentError", "a named format needs one hash");
                var key = format[(i + 1)..end];
                if (!hash.TryGet(new RubySymbol(key), out named)) throw new RubyError("KeyError",
                    $"the format names {key}, which the hash does not have");
                i = end;
                hasName = true;
                if (c == '{') return Pad(printer.Print(named), flags, width);
            }
            else
            {
                if (!hasName && next >= arguments.Count) throw new RubyError("ArgumentError",
                    "the format has more directives than there are values");
                return Pad(Value(printer, c, flags, precision, hasName ? named : arguments[next++]), c is 's' or 'p' || precision >= 0
                    && c != 'f' ? flags.Replace("0", "") : flags, width);
            }
        }

        throw new RubyError("ArgumentError", "the format ends within a directive");
    }

    private static int Number(string format, ref int i)
    {
        var start = i;
        while (i + 1 < format.Length && char.IsAsciiDigit(format[i + 1])) i++;
        var number = format[start..(i + 1)];
        return number.Length <= 4 ? int.Parse(number, CultureInfo.InvariantCulture) : throw new TemplateError("the format is too wide");
    }

    private static string Value(RubyPrinter printer, char kind, string flags, int precision, object? value)
    {
        switch (kind)
        {
            case 's' or 'p':
                var text = kind == 's' ? printer.Print(value) : printer.Inspect(value);
                return precision >= 0 && precision < text.Length ? text[..precision] : text;
            case 'd' or 'i' or 'u':
                var whole = Whole(value);
                var digits = Math.Abs(whole).ToString(CultureInfo.InvariantCulture).PadLeft(Math.Max(precision, 0), '0');
                return Sign(whole < 0, flags) + digits;
            case 'x' or 'X' or 'o' or 'b' when Whole(value) is >= 0 and var number && precision < 0 && !flags.Contains('#'):
                var based = Convert.ToString(number, kind switch { 'o' => 8, 'b' => 2, _ => 16 });
                return Sign(false, flags) + (kind == 'X' ? based.ToUpperInvariant() : based);
            case 'f':
                var real = value switch { long n => n, double d => d, RubyString s
                    when double.TryParse(s.Value, CultureInfo.InvariantCulture, out var parsed) => parsed, _ => throw Wrong(value) };
                if (!double.IsFinite(real)) throw TemplateError.Unsupported("this number in a format");
                return Sign(real < 0, flags) + Math.Abs(real).ToString("F" + (precision < 0 ? 6
                    : precision).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            default:
                throw TemplateError.Unsupported($"%{kind} in a format");
        }
    }

    private static long Whole(object? value) => value switch
    {
        long number => number,
        double real when double.IsFinite(real) && Math.Abs(real) < 1e15 => (long)Math.Floor(real),
        RubyString text when long.TryParse(text.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed)
            && (text.Value == "0" || !text.Value.StartsWith('0')) => parsed,
        _ => throw Wrong(value),
    };

    private static RubyError Wrong(object? value) => new("ArgumentError", $"a {RubyPrinter.ClassOf(value)} is no number for the format");

    private static string Sign(bool isNegative, string flags) =>
        isNegative ? "-" : flags.Contains('+') ? "+" : flags.Contains(' ') ? " " : "";

    private static string Pad(string text, string flags, int width)
    {
        if (text.Length >= width) return text;
        if (flags.Contains('-')) return text.PadRight(width);
        if (!flags.Contains('0')) return text.PadLeft(width);
        var sign = text.Length > 0 && text[0] is '-' or '+' or ' ' ? text[..1] : "";
        return sign + text[sign.Length..].PadLeft(width - sign.Length, '0');
    }
}
