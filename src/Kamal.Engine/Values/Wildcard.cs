namespace Kamal.Engine.Values;

/// <summary>
/// Names with PowerShell's wildcards: <c>*</c> for any text, <c>?</c> for any character, <c>[a-c]</c> for one of some; a backtick before
/// one takes its meaning away. Case counts.
/// </summary>
public static class Wildcard
{
    private const char Escape = '`';

    /// <summary>Whether a text has wildcards.</summary>
    public static bool IsPattern(string text) => text.AsSpan().IndexOfAny("*?[") >= 0;

    /// <summary>Whether a name is meant: it is the text itself, or the text is a pattern that it matches.</summary>
    /// <param name="pattern">The name or pattern.</param>
    /// <param name="name">The name.</param>
    public static bool Matches(string pattern, string name)
    {
        if (pattern == name) return true;
        var (at, star, resume) = (0, -1, 0);
        for (var next = 0; next < name.Length;)
        {
            if (at < pattern.Length && pattern[at] == '*') (star, resume, at) = (at, next, at + 1);
            else if (Length(pattern, at, name[next]) is > 0 and var length) (at, next) = (at + length, next + 1);
            else if (star >= 0) (at, next) = (star + 1, ++resume);
            else return false;
        }

        return pattern.AsSpan(at).Trim('*').IsEmpty;
    }

    /// <summary>How long the part of a pattern is that matches a character; 0 if it does not match.</summary>
    private static int Length(string pattern, int at, char character)
    {
        if (at >= pattern.Length) return 0;
        if (pattern[at] == '?') return 1;
        if (pattern[at] == Escape && at + 1 < pattern.Length) return pattern[at + 1] == character ? 2 : 0;
        var end = pattern[at] == '[' && at + 2 < pattern.Length ? pattern.IndexOf(']', at + 2) : -1;
        if (end < 0) return pattern[at] == character ? 1 : 0;
        var set = pattern.AsSpan(at + 1, end - at - 1);
        for (var i = 0; i < set.Length; i++)
        {
            var isRange = i + 2 < set.Length && set[i + 1] == '-';
            if (isRange ? set[i] <= character && character <= set[i + 2] : set[i] == character) return set.Length + 2;
            if (isRange) i += 2;
        }

        return 0;
    }
}
