using System.Text;

namespace Kamal.Engine.Tests.Operations.Keys;

/// <summary>The words of a rendered command, as a shell would split it; expansions are left as they are.</summary>
internal static class ShellSplit
{
    public static List<string> Words(string text)
    {
        List<string> words = [];
        StringBuilder? word = null;
        for (var at = 0; at < text.Length; at++)
        {
            var letter = text[at];
            if (letter == ' ')
            {
                if (word is not null) words.Add(word.ToString());
                word = null;
                continue;
            }

            word ??= new();
            if (letter is '\'' or '"')
            {
                var end = text.IndexOf(letter, at + 1);
                word.Append(text, at + 1, end - at - 1);
                at = end;
            }
            else if (letter == '\\') word.Append(text[++at]);
            else word.Append(letter);
        }

        if (word is not null) words.Add(word.ToString());
        return words;
    }
}
