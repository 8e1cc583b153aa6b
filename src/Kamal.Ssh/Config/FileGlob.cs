namespace Kamal.Ssh.Config;

/// <summary>Finds files by patterns of glob(7): <c>*</c>, <c>?</c> and <c>[...]</c> within a component of a path.</summary>
internal static class FileGlob
{
    private const int MaxFiles = 10_000;

    /// <summary>The files that match, in ordinal order; a path without wildcards matches itself, if it exists.</summary>
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
            return [.. Directory.EnumerateFileSystemEntries(folder).Where(entry => Pattern.IsFileMatch(part, Path.GetFileName(entry)))];
        }
        catch (UnauthorizedAccessException)
        {
            // As glob(3) without GLOB_ERR: a directory that cannot be read is empty.
            return [];
        }
    }
}
