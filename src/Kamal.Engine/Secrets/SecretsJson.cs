using System.Globalization;
using System.Text.Json;
using System.Text;
using Kamal.Engine.Results;

namespace Kamal.Engine.Secrets;

/// <summary>
/// JSON as <c>kamal secrets</c> writes and reads it. What is written equals Ruby's <c>JSON.dump</c>: no spaces, nothing escaped
/// that need not be.
/// </summary>
public static class SecretsJson
{
    /// <summary>An object of names and values, on one line.</summary>
    /// <param name="secrets">The secrets; a null value is written as null.</param>
    public static SecretValue Write(IEnumerable<KamalSecret> secrets)
    {
        var text = new StringBuilder("{");
        foreach (var secret in secrets)
        {
            if (text.Length > 1) text.Append(',');
            AppendString(text, secret.Name);
            text.Append(':');
            if (secret.Value is { } value) AppendString(text, value.Reveal());
            else text.Append("null");
        }

        return new(text.Append('}').ToString());
    }

    /// <summary>One secret out of what a fetch printed: by its whole name, else by the end of its name after a slash.</summary>
    /// <param name="name">The name.</param>
    /// <param name="json">What <c>kamal secrets fetch</c> printed.</param>
    /// <exception cref="KamalException"><see cref="KamalErrorId.SecretUnavailable"/>: the text is no such object, or has no such
    /// secret.</exception>
    public static SecretValue Extract(string name, SecretValue json)
    {
        using var document = Parse(json.Reveal(), "the text to extract from, which should be what `kamal secrets fetch` printed,");
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new KamalException(
                KamalErrorId.SecretUnavailable,
                "The text to extract from is JSON, but not the object that `kamal secrets fetch` prints.");
        }

        List<KamalSecret> secrets =
            [
                .. document.RootElement.EnumerateObject().Select(property =>
                    new KamalSecret(property.Name, property.Value.ValueKind == JsonValueKind.Null ? null : new(Text(property.Value))))];
        secrets.Reverse();
        // Of a name that comes twice the last one counts, as in every JSON reader; of two that end alike, the first.
        List<KamalSecret> unique = [.. secrets.DistinctBy(secret => secret.Name)];
        unique.Reverse();
        return SecretSelection.Select(unique, name).Value!;
    }

    /// <summary>A JSON value as text: a string itself, anything else as JSON.</summary>
    /// <param name="value">The value.</param>
    internal static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : Dump(value);

    /// <summary>Parses what a program printed.</summary>
    /// <param name="json">The text.</param>
    /// <param name="what">What it is, as the beginning of a sentence.</param>
    /// <exception cref="KamalException"><see cref="KamalErrorId.SecretUnavailable"/>: it is no JSON; the text is not quoted, it
    /// may be a secret.</exception>
    internal static JsonDocument Parse(string json, string what)
    {
        try
        {
            return JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 64 });
        }
        catch (JsonException exception)
        {
            // The parser's own message, and so the exception itself, may quote a character of the text.
            throw new KamalException(KamalErrorId.SecretUnavailable, string.Create(
                CultureInfo.InvariantCulture,
                $"{char.ToUpperInvariant(what[0])}{what[1..]} is not JSON (line {exception.LineNumber.GetValueOrDefault() + 1}, " +
                $"byte {exception.BytePositionInLine.GetValueOrDefault() + 1})."));
        }
    }

    private static string Dump(JsonElement value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return text.ToString();
    }

    private static void Append(StringBuilder text, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var names = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
                foreach (var property in value.EnumerateObject()) names[property.Name] = property.Value;
                var first = true;
                foreach (var (name, member) in names)
                {
                    text.Append(first ? '{' : ',');
                    AppendString(text, name);
                    Append(text.Append(':'), member);
                    first = false;
                }

                text.Append(first ? "{}" : "}");
                break;
            case JsonValueKind.Array:
                text.Append('[');
                var empty = text.Length;
                foreach (var item in value.EnumerateArray()) Append(text.Length > empty ? text.Append(',') : text, item);
                text.Append(']');
                break;
            case JsonValueKind.String: AppendString(text, value.GetString()!); break;
            case JsonValueKind.Number: text.Append(Number(value.GetRawText())); break;
            default: text.Append(value.GetRawText()); break;
        }
    }

    /// <summary>
    /// A number as Ruby prints it: integers as they are, others as the shortest decimal fraction, with an exponent from 1e16 on.
    /// </summary>
    private static string Number(string raw)
    {
        if (raw.AsSpan().IndexOfAny(".eE") < 0) return raw;
        var number = double.Parse(raw, CultureInfo.InvariantCulture);
        if (!double.IsFinite(number)) return raw;
        var shortest = Math.Abs(number).ToString("E16", CultureInfo.InvariantCulture);
        var exponent = number == 0
            ? 0
            : int.Parse(shortest[(shortest.IndexOf('E', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture);
        var digits = Digits(Math.Abs(number).ToString("R", CultureInfo.InvariantCulture));
        var text = exponent switch
        {
            >= 0 and < 16 when digits.Length <= exponent + 1 => digits.PadRight(exponent + 1, '0') + ".0",
            >= 0 and < 16 => $"{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}",
            >= -4 and < 0 => $"0.{new string('0', -exponent - 1)}{digits}",
            _ => string.Create(
                CultureInfo.InvariantCulture,
                $"{digits[0]}.{(digits.Length > 1 ? digits[1..] : "0")}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}"),
        };
        return double.IsNegative(number) ? "-" + text : text;
    }

    /// <summary>The significant digits of a number that is written with a point or an exponent.</summary>
    private static string Digits(string number)
    {
        var digits = number.Split('E')[0].Replace(".", "", StringComparison.Ordinal).Trim('0');
        return digits.Length == 0 ? "0" : digits;
    }

    private static void AppendString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            switch (c)
            {
                case '"': text.Append("\\\""); break;
                case '\\': text.Append("\\\\"); break;
                case '\n': text.Append("\\n"); break;
                case '\r': text.Append("\\r"); break;
                case '\t': text.Append("\\t"); break;
                case '\f': text.Append("\\f"); break;
                case '\b': text.Append("\\b"); break;
                case < ' ': text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"); break;
                default: text.Append(c); break;
            }
        }

        text.Append('"');
    }
}
