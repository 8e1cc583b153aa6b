using System.Globalization;
using System.Text;

namespace Kamal.Engine.Secrets.Redaction;

/// <summary>How programs write one character of a secret: as it is, or escaped for JSON, a URL, a shell, Ruby, HTML, CSV, …</summary>
internal sealed class CharacterForms
{
    /// <summary>Backslashes that quoting puts before a character once, twice, three and four times over.</summary>
    private static readonly int[] Nesting = [1, 2, 3, 7, 15];

    private readonly Dictionary<Rune, CharacterForm[]> _known = [];

    /// <summary>The forms of a character; letters and digits of ASCII have one.</summary>
    /// <param name="rune">The character.</param>
    public CharacterForm[] Of(Rune rune)
    {
        if (!_known.TryGetValue(rune, out var forms)) _known[rune] = forms = [.. Make(rune).Distinct()];
        return forms;
    }

    /// <summary>The forms of a character of base64, whose alphabet differs in two of them.</summary>
    /// <param name="c">The character.</param>
    public CharacterForm[] OfBase64(char c) => c switch
    {
        '+' => [.. Of(new('+')).Concat(Of(new('-')))],
        '/' => [.. Of(new('/')).Concat(Of(new('_')))],
        _ => Of(new(c)),
    };

    private static IEnumerable<CharacterForm> Make(Rune rune)
    {
        var raw = rune.ToString();
        yield return new(raw);
        if (rune.IsAscii && char.IsAsciiLetterOrDigit((char)rune.Value)) yield break;
        foreach (var form in Numbered(rune)) yield return new(form, IgnoreCase: true);
        foreach (var form in Named(rune)) yield return new(form);
        foreach (var count in Nesting) yield return new(new string('\\', count) + raw);
    }

    private static IEnumerable<string> Numbered(Rune rune)
    {
        var bytes = new byte[4];
        var utf8 = bytes.AsSpan(0, rune.EncodeToUtf8(bytes)).ToArray();
        foreach (var slashes in (string[])["\\", "\\\\", "\\\\\\\\"])
        {
            yield return string.Concat(rune.ToString()
                .Select(unit => string.Create(CultureInfo.InvariantCulture, $"{slashes}u{(int)unit:x4}")));
            yield return string.Concat(utf8.Select(one => string.Create(CultureInfo.InvariantCulture, $"{slashes}x{one:x2}")));
            yield return string.Concat(utf8.Select(one => slashes + Convert.ToString(one, 8).PadLeft(3, '0')));
        }

        yield return string.Create(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
        yield return string.Concat(utf8.Select(one => string.Create(CultureInfo.InvariantCulture, $"%{one:x2}")));
        yield return string.Concat(utf8.Select(one => string.Create(CultureInfo.InvariantCulture, $"%25{one:x2}")));
        yield return string.Create(CultureInfo.InvariantCulture, $"&#{rune.Value};");
        yield return string.Create(CultureInfo.InvariantCulture, $"&#x{rune.Value:x};");
    }

    private static string[] Named(Rune rune) => rune.Value switch
    {
        ' ' => ["+"],
        '&' => ["&amp;"],
        '<' => ["&lt;"],
        '>' => ["&gt;"],
        '"' => ["&quot;", "\"\"", "'\"'"],
        '\'' => ["&apos;", "''", "'\\''", "'\"'\"'", "\\'\\''"],
        '$' or '`' => ["`" + rune, "$$"],
        '%' => ["%%"],
        '\n' => ["\r\n", .. Letter('n'), .. Letter('r').SelectMany(cr => Letter('n').Select(lf => cr + lf)), "%0D%0A", "%0d%0a"],
        '\r' => Letter('r'),
        '\t' => Letter('t'),
        '\f' => Letter('f'),
        '\v' => Letter('v'),
        '\b' => Letter('b'),
        '\a' => Letter('a'),
        0x1b => Letter('e'),
        _ => [],
    };

    private static string[] Letter(char letter) => ["\\" + letter, "\\\\" + letter, "\\\\\\\\" + letter];
}

/// <summary>One way to write a character.</summary>
/// <param name="Text">What is written.</param>
/// <param name="IgnoreCase">Whether hexadecimal digits in it may have either case.</param>
internal readonly record struct CharacterForm(string Text, bool IgnoreCase = false)
{
    /// <summary>Whether the text has this form at a place.</summary>
    public bool IsAt(ReadOnlySpan<char> text, int index) =>
        text.Length - index >= Text.Length
            && text.Slice(index, Text.Length).Equals(Text, IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
}
