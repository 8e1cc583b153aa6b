using System.Globalization;
using System.Text;

namespace Kamal.Engine.Hosts;

/// <summary>What a host said, as a part of our own sentences.</summary>
internal static class HostText
{
    private const int Longest = 200;

    /// <summary>The text on one line: its beginning, with everything escaped that would not be seen, or would do something to a terminal.</summary>
    /// <param name="text">What the host said.</param>
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
