namespace Kamal.Engine.Secrets;

/// <summary>Follows the quotes and parentheses of a POSIX shell's text, to know what a character at a place means.</summary>
internal sealed class ShellContext
{
    private readonly Stack<char> _open = new();

    /// <summary>The innermost thing that is open: a quote, a parenthesis, a backtick, or NUL at the top.</summary>
    public char Innermost => _open.TryPeek(out var top) ? top : '\0';

    /// <summary>How many things are open.</summary>
    public int Depth => _open.Count;

    /// <summary>Reads the character at a place.</summary>
    /// <param name="text">The text.</param>
    /// <param name="index">The place.</param>
    /// <returns>The place after it; an escaped character belongs to its backslash.</returns>
    public int Read(string text, int index)
    {
        var c = text[index];
        var top = Innermost;
        if (top == '\'')
        {
            if (c == '\'') _open.Pop();
            return index + 1;
        }

        if (c == '\\') return Math.Min(index + 2, text.Length);
        if (c == top && c is '"' or '`' || (c == ')' && top == '(')) _open.Pop();
        else if (c == '(' ? top != '"' || (index > 0 && text[index - 1] == '$') : c is '"' or '`'
            || (c == '\'' && top != '"')) _open.Push(c);
        return index + 1;
    }

    /// <summary>Where the parenthesis that opens at <paramref name="open"/> is closed, or -1.</summary>
    /// <param name="text">The text.</param>
    /// <param name="open">The place of the opening parenthesis.</param>
    /// <param name="end">Where to stop looking.</param>
    /// <remarks>Where quotes do not pair up, parentheses alone are counted, as dotenv does.</remarks>
    public static int FindClosing(string text, int open, int end)
    {
        var context = new ShellContext();
        for (var i = open; i < end;)
        {
            var next = context.Read(text, i);
            if (context.Depth == 0) return i;
            i = next;
        }

        var depth = 0;
        for (var i = open; i < end; i++)
        {
            switch (text[i])
            {
                case '\\': i++; break;
                case '(': depth++; break;
                case ')' when --depth == 0: return i;
            }
        }

        return -1;
    }
}
