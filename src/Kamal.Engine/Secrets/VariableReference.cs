namespace Kamal.Engine.Secrets;

/// <summary>A reference to a variable, as it is written: <c>$NAME</c>, <c>${NAME}</c>, <c>${NAME:-text}</c>.</summary>
/// <param name="Name">The variable's name: ASCII letters, digits and underscores.</param>
/// <param name="Fallback">The text after <c>:-</c> or <c>-</c>, or null.</param>
/// <param name="End">The place after it.</param>
/// <param name="NameStart">Where the name begins.</param>
/// <param name="NameEnd">The place after the name.</param>
internal readonly record struct VariableReference(string Name, string? Fallback, int End, int NameStart, int NameEnd)
{
    /// <summary>Reads the reference that begins with the dollar at a place, or null if there is none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="dollar">The dollar's place.</param>
    public static VariableReference? Read(string text, int dollar)
    {
        var braced = dollar + 1 < text.Length && text[dollar + 1] == '{';
        var start = dollar + (braced ? 2 : 1);
        var end = start;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_')) end++;
        if (end == start) return null;
        var name = text[start..end];
        if (!braced) return new(name, null, end, start, end);
        var close = text.IndexOf('}', end);
        if (close < 0) return new(name, null, end, start, end);
        if (close == end) return new(name, null, end + 1, start, end);
        var rest = text[end..close];
        if (rest.StartsWith(":-", StringComparison.Ordinal)) return new(name, rest[2..], close + 1, start, end);
        return rest[0] == '-' ? new(name, rest[1..], close + 1, start, end) : new(name, null, end, start, end);
    }
}
