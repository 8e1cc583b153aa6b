namespace Kamal.Engine.Secrets;

/// <summary>A reference to a variable, as it is written: <c>$NAME</c>, <c>${NAME}</c>, <c>${NAME:-text}</c>.</summary>
/// <param name="Name">The variable's name: ASCII letters, digits and underscores.</param>
/// <param name="Fallback">The text after <c>:-</c> or <c>-</c>, or null.</param>
/// <param name="End">The place after it.</param>
/// <param name="NameStart">Where the name begins.</param>
/// <param name="NameEnd">The place after the name.</param>
internal readonly record struct VariableReference(string Name, string? Fallback, int End, int NameStart, int NameEnd)
{
    /// <summary>The operators of a shell that begin with a colon; what follows any other colon is a substring's place.</summary>
    private const string AfterColon = "+=?";

    /// <summary>The longest default; it bounds what a hostile file costs.</summary>
    private const int MaximumDefault = 4096;

    private const string Operators = "+=?#%/^,@[:";

    /// <summary>Why only a shell could expand it, or null. Never holds text of the file: it may be a secret.</summary>
    public string? Problem { get; private init; }

    /// <summary>Reads the reference that begins with the dollar at a place, or null if there is none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="dollar">The dollar's place.</param>
    public static VariableReference? Read(string text, int dollar)
    {
        var braced = dollar + 1 < text.Length && text[dollar + 1] == '{';
        var start = dollar + (braced ? 2 : 1);
        var prefix = braced && start + 1 < text.Length && text[start] is '#' or '!' && IsName(text[start + 1]) ? text[start] : '\0';
        if (prefix != '\0') return new("", null, dollar + 1, start, start) { Problem = Unsupported($"{prefix}NAME") };
        var end = start;
        while (end < text.Length && IsName(text[end])) end++;
        if (end == start) return null;
        VariableReference plain = new(text[start..end], null, end, start, end);
        if (!braced) return plain;
        var close = FindClose(text, end);
        if (close < 0) return plain with { Problem = "`${` is not closed" };
        if (close == end) return plain with { End = end + 1 };
        var rest = text[end..close];
        var dash = rest.StartsWith(":-", StringComparison.Ordinal) ? 2 : rest[0] == '-' ? 1 : 0;
        if (dash == 0) return plain with { Problem = Unsupported($"NAME{OperatorOf(rest)}…") };
        return plain with { Fallback = rest[dash..], End = close + 1 };
    }

    /// <summary>The brace that closes a reference, past the references and commands in its default; -1 if it is not closed.</summary>
    private static int FindClose(string text, int start)
    {
        var open = 1;
        var end = Math.Min(text.Length, start + MaximumDefault);
        for (var i = start; i < end; i++)
        {
            switch (text[i])
            {
                case '\\':
                    i++;
                    break;
                case '$' when i + 1 < text.Length && text[i + 1] == '{':
                    open++;
                    i++;
                    break;
                case '$' when i + 1 < text.Length && text[i + 1] == '(':
                    i = ShellContext.FindClosing(text, i + 1, end);
                    if (i < 0) return -1;
                    break;
                case '}' when --open == 0:
                    return i;
            }
        }

        return -1;
    }

    private static string OperatorOf(string rest) =>
        rest.Length > 1 && rest[0] == ':' && AfterColon.Contains(rest[1], StringComparison.Ordinal) ? rest[..2]
        : Operators.Contains(rest[0], StringComparison.Ordinal) ? rest[..1]
        : "";

    private static string Unsupported(string form) => $"`${{{form}}}` is not supported; `$NAME`, `${{NAME}}` and `${{NAME:-default}}` are";

    private static bool IsName(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';
}
