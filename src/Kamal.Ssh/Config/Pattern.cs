namespace Kamal.Ssh.Config;

/// <summary>The patterns of ssh_config and known_hosts: <c>*</c> is any text, <c>?</c> any character.</summary>
internal static class Pattern
{
    /// <summary>Whether a text as a whole matches a pattern; upper and lower case differ.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="text">The text.</param>
    /// <remarks>Takes time in the order of the product of both lengths at most, whatever the pattern.</remarks>
    public static bool IsMatch(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        int p = 0, t = 0, star = -1, mark = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && (pattern[p] == '?' || (pattern[p] != '*' && pattern[p] == text[t])))
            {
                p++;
                t++;
            }
            else if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                mark = t;
            }
            else if (star >= 0)
            {
                p = star + 1;
                t = ++mark;
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '*') p++;
        return p == pattern.Length;
    }

    /// <summary>Whether a text matches a list of patterns separated by commas, where <c>!</c> before a pattern excludes.</summary>
    /// <param name="list">The patterns.</param>
    /// <param name="text">The text.</param>
    /// <returns>True if one pattern matches and no excluding one does; as OpenSSH, a list of exclusions only matches nothing.</returns>
    public static bool IsMatchInList(string list, string text)
    {
        var found = false;
        foreach (var item in list.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var excludes = item[0] == '!';
            if (!IsMatch(excludes ? item.AsSpan(1) : item, text)) continue;
            if (excludes) return false;
            found = true;
        }

        return found;
    }
}
