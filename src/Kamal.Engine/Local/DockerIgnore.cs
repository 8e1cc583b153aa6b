using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using Kamal.Common;

namespace Kamal.Engine.Local;

/// <summary>The files that .dockerignore excludes from a build. Source: moby's patternmatcher, which BuildKit uses.</summary>
internal sealed class DockerIgnore
{
    private readonly ImmutableArray<(Regex Pattern, bool IsException)> _patterns;

    private DockerIgnore(ImmutableArray<(Regex, bool)> patterns) => _patterns = patterns;

    /// <summary>Reads the file of a build: <c>Dockerfile.dockerignore</c>, or the context's. Without one, nothing is excluded.</summary>
    public static DockerIgnore Read(string context, string dockerfile)
    {
        var own = dockerfile + ".dockerignore";
        var file = File.Exists(own) ? own : Path.Combine(context, ".dockerignore");
        return Parse(File.Exists(file) ? BoundedFile.ReadText(file, BoundedFile.SettingsLimit) : "");
    }

    /// <summary>Parses the text of a .dockerignore file.</summary>
    public static DockerIgnore Parse(string text)
    {
        var patterns = ImmutableArray.CreateBuilder<(Regex, bool)>();
        foreach (var line in text.TrimStart('\uFEFF').Split('\n'))
        {
            var pattern = line.StartsWith('#') ? "" : line.Trim();
            var isException = pattern.StartsWith('!');
            pattern = Clean(isException ? pattern[1..].Trim() : pattern);
            if (pattern.Length > 0) patterns.Add((Compile(pattern), isException));
        }

        return new(patterns.ToImmutable());
    }

    /// <summary>Whether a file is excluded, which the last pattern that matches it or one of its directories decides.</summary>
    /// <param name="path">The file's path relative to the context, with <c>/</c>.</param>
    public bool Excludes(string path)
    {
        var excluded = false;
        foreach (var (pattern, isException) in _patterns)
        {
            if (excluded == isException && WithParents(path).Any(part => pattern.IsMatch(part))) excluded = !isException;
        }

        return excluded;
    }

    private static IEnumerable<string> WithParents(string path)
    {
        yield return path;
        for (var end = path.LastIndexOf('/'); end > 0; end = path.LastIndexOf('/', end - 1)) yield return path[..end];
    }

    /// <summary>The normalized path; empty for the context itself.</summary>
    private static string Clean(string pattern)
    {
        List<string> parts = [];
        foreach (var part in pattern.Replace('\\', OperatingSystem.IsWindows() ? '/' : '\\').Split('/'))
        {
            if (part.Length == 0 || part == ".") continue;
            if (part == ".." && parts.Count > 0) parts.RemoveAt(parts.Count - 1);
            else if (part != "..") parts.Add(part);
        }

        return string.Join('/', parts);
    }

    private static Regex Compile(string pattern)
    {
        var text = new StringBuilder("^");
        for (var i = 0; i < pattern.Length; i++)
        {
            var rest = pattern.AsSpan(i);
            switch (pattern[i])
            {
                case '*' when rest.StartsWith("**/"): text.Append("(?:.*/)?"); i += 2; break;
                case '*' when rest.StartsWith("**"): text.Append(".*"); i++; break;
                case '*': text.Append("[^/]*"); break;
                case '?': text.Append("[^/]"); break;
                case '[' or ']': text.Append(pattern[i]); break;
                case '-' or '^': text.Append(pattern[i]); break;
                case '\\' when i + 1 < pattern.Length: text.Append(Regex.Escape(pattern[++i].ToString())); break;
                default: text.Append(Regex.Escape(pattern[i].ToString())); break;
            }
        }

        try
        {
            return new(text.Append('$').ToString(), RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        }
        catch (ArgumentException error)
        {
            throw new KamalException(
                KamalErrorId.FileUnavailable, $"The .dockerignore pattern '{pattern}' is not valid: {error.Message}", error);
        }
    }
}
