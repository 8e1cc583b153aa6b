using System.Buffers;
using System.Globalization;
using System.Text;

namespace Kamal.Common;

/// <summary>Escapes characters that could control a terminal or reorder a line.</summary>
internal static class EscapedText
{
    private const string Tab = "    ";

    /// <summary>The characters to escape, as a vectorized search: hardly any text contains one.</summary>
    private static readonly SearchValues<char> Suspects = SearchValues.Create([.. Enumerable.Range(0, 0x10000).Select(code =>
        (char)code).Where(IsSuspect)]);

    /// <summary>The text with each such character as an escape.</summary>
    /// <param name="keepLines">Whether line breaks stay.</param>
    /// <param name="keepTabs">Whether tabs stay; otherwise they become four spaces.</param>
    public static string Of(string text, bool keepLines, bool keepTabs = false)
    {
        if (text.AsSpan().IndexOfAny(Suspects) is var first && first < 0) return text;
        var result = new StringBuilder(text, 0, first, text.Length + 16);
        for (var i = first; i < text.Length; i++)
        {
            var c = text[i];
            if (keepLines && c == '\r' && i + 1 < text.Length && text[i + 1] == '\n') continue;
            if (!IsSuspect(c) || (keepLines && c == '\n') || (keepTabs && c == '\t')) result.Append(c);
            else if (c == '\t') result.Append(Tab);
            else if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) AppendPair(result, c, text[++i]);
            else result.Append(Escaped(c));
        }

        return result.ToString();
    }

    private static void AppendPair(StringBuilder result, char high, char low)
    {
        // Format characters beyond the BMP, such as tags and musical formatting, are invisible too.
        var rune = new Rune(high, low);
        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.OtherNotAssigned)
        {
            result.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
        }
        else result.Append(high).Append(low);
    }

    private static string Escaped(char c) => c switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\e' => "\\e",
        < '\x100' => string.Create(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
    };

    private static bool IsSuspect(char c) =>
        char.IsControl(c) || char.IsSurrogate(c) || c >= 0xFFFE || CharUnicodeInfo.GetUnicodeCategory(c) switch
    {
        // Zero-width joiners are part of words and emoji.
        UnicodeCategory.Format => c is not ('\u200c' or '\u200d'),
        UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
        _ => false,
    };
}
