using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Kamal.Engine.Configuration.Nodes;

/// <summary>Types plain scalars as Ruby's Psych 5 does (YAML 1.1 with exceptions) and prints them as Ruby's to_s.</summary>
/// <remarks>
/// The same file must produce the same command lines as under Ruby: <c>yes</c> is true, <c>010</c> is 8, <c>1:30</c> is 5400,
/// <c>1e3</c> is text. Dates are text.
/// </remarks>
internal static partial class RubyScalar
{
    public static (ScalarKind Kind, string Text) Read(string raw)
    {
        if (raw.Length == 0) return (ScalarKind.Null, "");
        if (raw.Contains('\n', StringComparison.Ordinal) || Word().IsMatch(raw)) return ReadWord(raw);
        // Not a number; the patterns and big integers below take more than linear time.
        if (raw.Length > 256) return (ScalarKind.Text, raw);
        if (raw.Equals(".inf", StringComparison.OrdinalIgnoreCase)
            || raw.Equals("+.inf", StringComparison.OrdinalIgnoreCase)) return (ScalarKind.Float, "Infinity");
        if (raw.Equals("-.inf", StringComparison.OrdinalIgnoreCase)) return (ScalarKind.Float, "-Infinity");
        if (raw.Equals(".nan", StringComparison.OrdinalIgnoreCase)) return (ScalarKind.Float, "NaN");
        if (raw.Length > 1 && raw[0] == ':') return (ScalarKind.Symbol, Unquote(raw[1..]));
        if (Sexagesimal().IsMatch(raw)) return ReadSexagesimal(raw);
        if (Fraction().IsMatch(raw)) return ReadFloat(raw);
        return Whole().IsMatch(raw) ? (ScalarKind.Integer, ReadInteger(raw)) : (ScalarKind.Text, raw);
    }

    /// <summary>A number as Ruby prints it: <c>1.0</c>, <c>1.0e+16</c>.</summary>
    public static string PrintFloat(double value)
    {
        if (double.IsNaN(value)) return "NaN";
        if (double.IsInfinity(value)) return value > 0 ? "Infinity" : "-Infinity";
        if (value == 0) return double.IsNegative(value) ? "-0.0" : "0.0";

        var parts = value.ToString("E16", CultureInfo.InvariantCulture).Split('E');
        var exponent = int.Parse(parts[1], CultureInfo.InvariantCulture);
        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        if (exponent is >= -4 and < 15)
        {
            var text = shortest.Contains('E', StringComparison.Ordinal)
                ? ((decimal)value).ToString(CultureInfo.InvariantCulture)
                : shortest;
            return text.Contains('.', StringComparison.Ordinal) ? text : text + ".0";
        }

        var digits = new string([.. shortest.Split('E')[0].Where(char.IsAsciiDigit)]).Trim('0');
        var sign = value < 0 ? "-" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{sign}{digits[0]}.{(digits.Length > 1 ? digits[1..] : "0")}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
    }

    private static (ScalarKind, string) ReadWord(string raw)
    {
        if (raw.Length > 5) return (ScalarKind.Text, raw);
        return raw.ToUpperInvariant() switch
        {
            "~" or "NULL" => (ScalarKind.Null, ""),
            "YES" or "TRUE" or "ON" => (ScalarKind.Boolean, "true"),
            "NO" or "FALSE" or "OFF" => (ScalarKind.Boolean, "false"),
            _ => (ScalarKind.Text, raw),
        };
    }

    private static string Unquote(string text) =>
        text.Length > 1 && text[0] is '"' or '\'' && text[^1] == text[0] ? text[1..^1] : text;

    /// <summary>Base 60 as Psych computes it: the first part counts 3600, the second 60, the third 1.</summary>
    private static (ScalarKind, string) ReadSexagesimal(string raw)
    {
        var parts = raw.Split(':');
        if (raw.Contains('.', StringComparison.Ordinal))
        {
            var sum = 0.0;
            for (var i = 0; i < parts.Length; i++)
            {
                sum += double.Parse(
                    parts[i].Replace("_", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * Math.Pow(60, Math.Abs(i - 2));
            }

            return (ScalarKind.Float, PrintFloat(sum));
        }

        var total = BigInteger.Zero;
        for (var i = 0; i < parts.Length; i++)
        {
            total += BigInteger.Parse(
                parts[i].Replace("_", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * BigInteger.Pow(60, Math.Abs(i - 2));
        }

        return (ScalarKind.Integer, total.ToString(CultureInfo.InvariantCulture));
    }

    private static (ScalarKind, string) ReadFloat(string raw)
    {
        if (raw is "." or "+." or "-.") return (ScalarKind.Text, raw);
        var plain = raw.Replace(",", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);
        return (ScalarKind.Float, PrintFloat(double.Parse(plain, NumberStyles.Float, CultureInfo.InvariantCulture)));
    }

    private static string ReadInteger(string raw)
    {
        var text = raw.Replace(",", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);
        var negative = text[0] == '-';
        if (text[0] is '+' or '-') text = text[1..];
        var value = text switch
        {
            ['0', 'b', .. var digits] => InBase(digits, 2),
            ['0', 'x', .. var digits] => InBase(digits, 16),
            ['0', _, ..] => InBase(text, 8),
            _ => BigInteger.Parse(text, CultureInfo.InvariantCulture),
        };
        return (negative ? -value : value).ToString(CultureInfo.InvariantCulture);
    }

    private static BigInteger InBase(string digits, int radix) =>
        digits.Aggregate(BigInteger.Zero, (sum, digit) => sum * radix + Convert.ToInt32(digit.ToString(), 16));

    [GeneratedRegex(@"^[^\d.:-]?[\p{L}_\s!@#$%\^&*(){}<>|/\\~;=]+", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    [GeneratedRegex(@"^[-+]?[0-9][0-9_]*(:[0-5]?[0-9]){1,2}(\.[0-9_]*)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Sexagesimal();

    [GeneratedRegex(@"^[-+]?([0-9][0-9_,]*)?\.[0-9]*([eE][+-][0-9]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Fraction();

    [
        GeneratedRegex(
            @"^[-+]?(0b[01_,]*[01][01_,]*|0[0-7_,]+|0|[1-9](?:[0-9]|,[0-9]|_[0-9])*|0x[0-9a-fA-F_,]*[0-9a-fA-F][0-9a-fA-F_,]*)$",
            RegexOptions.CultureInvariant)]
    private static partial Regex Whole();
}
