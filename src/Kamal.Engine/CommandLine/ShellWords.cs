using System.Text;

namespace Kamal.Engine.CommandLine;

/// <summary>Splits an alias into words as a shell does, with quotes and backslashes but without expansions.</summary>
internal static class ShellWords
{
    /// <summary>The words of a text.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ConfigurationInvalid"/>: a quote is not closed.</exception>
    public static IReadOnlyList<string> Split(string text)
    {
        List<string> words = [];
        StringBuilder? word = null;
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            if (char.IsWhiteSpace(character))
            {
                if (word is not null) words.Add(word.ToString());
                word = null;
                continue;
            }

            word ??= new();
            switch (character)
            {
                case '\\' when i + 1 < text.Length:
                    word.Append(text[++i]);
                    break;
                case '\'':
                    var end = text.IndexOf('\'', i + 1);
                    if (end < 0) throw Unclosed(text);
                    word.Append(text, i + 1, end - i - 1);
                    i = end;
                    break;
                case '"':
                    i = AppendQuoted(text, i + 1, word);
                    break;
                default:
                    word.Append(character);
                    break;
            }
        }

        if (word is not null) words.Add(word.ToString());
        return words;
    }

    private static int AppendQuoted(string text, int start, StringBuilder word)
    {
        for (var i = start; i < text.Length; i++)
        {
            if (text[i] == '"') return i;
            // In double quotes, a backslash escapes only these characters.
            if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] is '"' or '\\' or '$' or '`') i++;
            word.Append(text[i]);
        }

        throw Unclosed(text);
    }

    private static KamalException Unclosed(string text) =>
        new(KamalErrorId.ConfigurationInvalid, $"The alias '{text}' has an unclosed quote.");
}
