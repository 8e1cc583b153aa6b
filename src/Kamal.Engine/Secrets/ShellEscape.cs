using System.Text;

namespace Kamal.Engine.Secrets;

/// <summary>Ruby's <c>shellescape</c>: what <c>kamal secrets fetch --inline</c> puts in place of the JSON.</summary>
internal static class ShellEscape
{
    /// <summary>The text with a backslash before each character that is not plain; a line break in quotes.</summary>
    /// <param name="text">The text.</param>
    public static string Escape(string text)
    {
        if (text.Length == 0) return "''";
        var escaped = new StringBuilder(text.Length * 2);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\n')
            {
                escaped.Append("'\n'");
                continue;
            }

            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '.' or ',' or ':' or '+' or '/' or '@')) escaped.Append('\\');
            escaped.Append(c);
            if (char.IsHighSurrogate(c) && i + 1 < text.Length) escaped.Append(text[++i]);
        }

        return escaped.ToString();
    }
}
