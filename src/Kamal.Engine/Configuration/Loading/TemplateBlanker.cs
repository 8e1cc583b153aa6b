using System.Text;

namespace Kamal.Engine.Configuration.Loading;

/// <summary>Takes templates out of a text without evaluating them, so that the rest can be read.</summary>
internal static class TemplateBlanker
{
    /// <summary>What stands for the output of an expression: a character no name has.</summary>
    public const char Mark = '\ufffc';

    /// <summary>The text with each <c>&lt;%= … %&gt;</c> as one mark, and without all else in <c>&lt;% … %&gt;</c>.</summary>
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
