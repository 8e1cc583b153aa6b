namespace Kamal.Ssh.Config;

/// <summary>
/// Patterns with <c>*</c> (any text) and <c>?</c> (any character), as in ssh_config and known_hosts (PATTERNS in ssh_config(5)),
/// and those of glob(7), which have <c>[...]</c> besides.
/// </summary>
internal static class Pattern
{
    /// <summary>Whether a text as a whole matches a pattern; case counts.</summary>
    public static bool IsMatch(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text) => IsMatch(pattern, text, hasSets: false);

    /// <summary>Whether a file's name as a whole matches a pattern of glob(7); a leading dot matches only itself.</summary>
    public static bool IsFileMatch(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name) =>
        !(name.StartsWith(".") && !pattern.StartsWith(".")) && IsMatch(pattern, name, hasSets: true);

    /// <summary>Whether a text matches a comma-separated list of patterns, in which <c>!</c> negates one.</summary>
    /// <returns>
    /// True if a pattern matches and no negated one does. As in OpenSSH, a list of negated patterns alone matches nothing.
    /// </returns>
    public static bool IsMatchInList(string list, string text)
    {
        var found = false;
        foreach (var item in list.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var negated = item[0] == '!';
            if (!IsMatch(negated ? item.AsSpan(1) : item, text)) continue;
            if (negated) return false;
            found = true;
        }

        return found;
    }

    /// <summary>Takes time in the order of the product of both lengths at most, whatever the pattern.</summary>
    private static bool IsMatch(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text, bool hasSets)
    {
        int p = 0, t = 0, star = -1, mark = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                mark = t;
            }
            else if (p < pattern.Length && Single(pattern[p..], text[t], hasSets) is var used and > 0)
            {
                p += used;
                t++;
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

    /// <summary>How many characters of a pattern a character matches; 0 if it does not.</summary>
    private static int Single(ReadOnlySpan<char> pattern, char c, bool hasSets)
    {
        if (pattern[0] == '?') return 1;
        var negated = pattern.Length > 1 && pattern[1] is ('!' or '^');
        var first = negated ? 2 : 1;
        var end = hasSets && pattern[0] == '[' && pattern.Length > first + 1 ? pattern[(first + 1)..].IndexOf(']') : -1;
        if (end < 0) return pattern[0] == c ? 1 : 0;
        var set = pattern.Slice(first, end + 1);
        var inside = false;
        for (var i = 0; i < set.Length; i++)
        {
            if (i + 2 < set.Length && set[i + 1] == '-')
            {
                inside |= c >= set[i] && c <= set[i + 2];
                i += 2;
            }
            else
            {
                inside |= set[i] == c;
            }
        }

        return inside != negated ? first + set.Length + 1 : 0;
    }
}
