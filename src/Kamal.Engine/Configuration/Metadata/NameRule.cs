using System.Text.RegularExpressions;

namespace Kamal.Engine.Configuration.Metadata;

/// <summary>What a name may look like: the grammar of whoever reads it in the end (Docker, OpenSSH, a shell's directory).</summary>
/// <param name="Pattern">A regular expression of the common subset of .NET and ECMAScript, from <c>^</c> to <c>$</c>.</param>
/// <param name="Meaning">The grammar in words, as it follows "should be".</param>
public sealed record NameRule(string Pattern, string Meaning)
{
    private const int MaxLength = 4096;
    private readonly Regex _regex = new(ToEnd(Pattern), RegexOptions.CultureInvariant);

    /// <summary>Whether a text is such a name.</summary>
    public bool Accepts(string text) => text is { Length: <= MaxLength } && _regex.IsMatch(text);

    /// <summary>The pattern for .NET, where <c>$</c> would let a line end pass.</summary>
    public static string ToEnd(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        return pattern.EndsWith('$') ? pattern[..^1] + "\\z" : pattern;
    }

    /// <summary>Compares by the pattern.</summary>
    public bool Equals(NameRule? other) => other is not null && Pattern == other.Pattern;

    /// <inheritdoc/>
    public override int GetHashCode() => Pattern.GetHashCode(StringComparison.Ordinal);
}
