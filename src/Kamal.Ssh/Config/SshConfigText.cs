using System.Buffers;
using System.Text;

namespace Kamal.Ssh.Config;

/// <summary>How OpenSSH splits a line of ssh_config into words (ssh_config(5), and what ssh 9.2 does).</summary>
internal static class SshConfigText
{
    private const string White = " \t\r\n\f";
    private static readonly SearchValues<char> Delimiters = SearchValues.Create(" \t\r\n\"=");

    /// <summary>The next word before white space or one equals sign, as the keyword and the criteria of <c>Match</c> are read.</summary>
    /// <param name="rest">The text; what is left of it afterwards, or null at its end.</param>
    /// <returns>The word, or null: at the end, or for a quote that does not close.</returns>
    public static string? Delimited(ref string? rest)
    {
        if (rest is null) return null;
        var text = rest;
        var at = text.AsSpan().IndexOfAny(Delimiters);
        if (at < 0)
        {
            rest = null;
            return text;
        }

        if (text[at] == '"')
        {
            var end = text.IndexOf('"', at + 1);
            if (end < 0)
            {
                rest = null;
                return null;
            }

            rest = SkipWhite(text, end + 1);
            return string.Concat(text.AsSpan(0, at), text.AsSpan(at + 1, end - at - 1));
        }

        var equals = text[at] == '=';
        var left = SkipWhite(text, at + 1);
        if (!equals && left.StartsWith('=')) left = SkipWhite(left, 1);
        rest = left;
        return text[..at];
    }

    /// <summary>The arguments of a line: separated by blanks, quoted by either quote, up to a comment.</summary>
    /// <param name="text">The line after its keyword.</param>
    /// <returns>The arguments, or null for a quote that does not close.</returns>
    public static IReadOnlyList<string>? Arguments(string text)
    {
        List<string> arguments = [];
        var word = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is ' ' or '\t') continue;
            if (text[i] == '#') break;
            word.Clear();
            var quote = '\0';
            for (; i < text.Length; i++)
            {
                var c = text[i];
                if (c == '\\' && i + 1 < text.Length && (text[i + 1] is '\'' or '"' or '\\' || (quote == 0 && text[i + 1] == ' ')))
                {
                    word.Append(text[++i]);
                }
                else if (quote == 0 && (c is ' ' or '\t')) break;
                else if (quote == 0 && (c is '"' or '\'')) quote = c;
                else if (quote != 0 && c == quote) quote = '\0';
                else word.Append(c);
            }

            if (quote != 0) return null;
            arguments.Add(word.ToString());
        }

        return arguments;
    }

    /// <summary>The text after the separator of its keyword.</summary>
    /// <param name="text">The line after its keyword.</param>
    public static string Raw(string text) => text.TrimStart(' ', '\t', '\r', '\n', '=');

    /// <summary>The line without trailing white space, as OpenSSH strips it.</summary>
    public static string TrimEnd(string line) => line.TrimEnd(White.ToCharArray());

    private static string SkipWhite(string text, int start)
    {
        while (start < text.Length && text[start] is (' ' or '\t' or '\r' or '\n')) start++;
        return text[start..];
    }
}
