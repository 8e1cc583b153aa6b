using System.Globalization;
using System.Text;

namespace Kamal.Engine.Values;

/// <summary>Quotes a host's text in a message.</summary>
internal static class HostText
{
    private const int Longest = 200;

    /// <summary>The beginning of the text on one line, with invisible and control characters escaped.</summary>
    /// <param name="text">The host's text.</param>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (quoted.Length >= Longest) return quoted.Append('…').ToString();
            var hidden = Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;
            if (hidden) quoted.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
            else quoted.Append(rune);
        }

        return quoted.ToString();
    }
}
