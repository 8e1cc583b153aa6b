using System.Text;

namespace Kamal.Engine.Configuration.Loading;

/// <summary>Removes templates from a text without evaluating them, so that the rest can be parsed.</summary>
internal static class TemplateBlanker
{
    /// <summary>The placeholder for the output of an expression: a character that no name contains.</summary>
    public const char Mark = '\ufffc';

    /// <summary>Replaces each <c>&lt;%= … %&gt;</c> with a placeholder, and removes any other <c>&lt;% … %&gt;</c>.</summary>
    public static string Blank(string text)
    {
        var at = text.IndexOf("<%", StringComparison.Ordinal);
        if (at < 0) return text;
        var blanked = new StringBuilder(text.Length);
        var from = 0;
        for (; at >= 0; at = text.IndexOf("<%", from, StringComparison.Ordinal))
        {
            blanked.Append(text, from, at - from);
            var end = text.IndexOf("%>", at + 2, StringComparison.Ordinal);
            if (end < 0) return blanked.ToString();
            if (string.CompareOrdinal(text, at, "<%=", 0, 3) == 0) blanked.Append(Mark);
            from = end + 2;
        }

        return blanked.Append(text, from, text.Length - from).ToString();
    }
}
