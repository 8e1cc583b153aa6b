using System.Text.RegularExpressions;

namespace Kamal.Engine.Configuration.Metadata;

/// <summary>The syntax of a kind of name, as Docker, OpenSSH or the host's shell requires.</summary>
/// <param name="Pattern">A regular expression, from <c>^</c> to <c>$</c>, that .NET and ECMAScript both support.</param>
/// <param name="Meaning">A description that follows "should be" in messages.</param>
public sealed record NameRule(string Pattern, string Meaning)
{
    private const int MaxLength = 4096;
    private readonly Regex _regex = new(ToEnd(Pattern), RegexOptions.CultureInvariant);

    /// <summary>Whether a text is a valid name.</summary>
    public bool Accepts(string text) => text is { Length: <= MaxLength } && _regex.IsMatch(text);

    /// <summary>The pattern for .NET, where <c>$</c> would also match before a final newline.</summary>
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
