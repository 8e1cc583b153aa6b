namespace Kamal.Ssh.Config;

/// <summary>Finds files by the patterns of glob(7): <c>*</c>, <c>?</c> and <c>[...]</c> within one part of a path.</summary>
internal static class FileGlob
{
    private const int MaxFiles = 10_000;

    /// <summary>The files that match, in the order of their names' bytes; a path without wildcards is itself, if it exists.</summary>
    /// <param name="path">An absolute path.</param>
    public static IReadOnlyList<string> Find(string path)
    {
        var root = Path.GetPathRoot(path) ?? "";
        var separators = OperatingSystem.IsWindows() ? new[] { '\\', '/' } : ['/'];
        IEnumerable<string> found = [root];
        var parts = path[root.Length..].Split(separators, StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < parts.Length; i++)
        {
            var (part, last) = (parts[i], i == parts.Length - 1);
            found = found.SelectMany(folder => Step(folder, part, last)).Take(MaxFiles).ToList();
        }

        return [.. found.Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Step(string folder, string part, bool last)
    {
        if (part.AsSpan().IndexOfAny("*?[") < 0)
        {
            var path = Path.Combine(folder, part);
            return !last || File.Exists(path) || Directory.Exists(path) ? [path] : [];
        }

        if (!Directory.Exists(folder)) return [];
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(folder).Where(entry => IsMatch(part, Path.GetFileName(entry)))];
        }
        catch (UnauthorizedAccessException)
        {
            // As glob(3) without GLOB_ERR: a directory that cannot be read has nothing in it.
            return [];
        }
    }

    /// <summary>Whether a name matches a pattern; a dot in front must be written.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="name">The name.</param>
    internal static bool IsMatch(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name) =>
        !(name.StartsWith(".") && !pattern.StartsWith(".")) && IsMatchFrom(pattern, name);

    private static bool IsMatchFrom(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        int p = 0, n = 0, star = -1, mark = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                mark = n;
            }
            else if (p < pattern.Length && Single(pattern[p..], name[n]) is var used and > 0)
            {
                p += used;
                n++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                n = ++mark;
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '*') p++;
        return p == pattern.Length;
    }

    /// <summary>How much of a pattern a character uses up; 0 if it does not match.</summary>
    private static int Single(ReadOnlySpan<char> pattern, char c)
    {
        if (pattern[0] == '?') return 1;
        var negated = pattern.Length > 1 && pattern[1] is ('!' or '^');
        var first = negated ? 2 : 1;
        var end = pattern[0] == '[' && pattern.Length > first + 1 ? pattern[(first + 1)..].IndexOf(']') : -1;
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
