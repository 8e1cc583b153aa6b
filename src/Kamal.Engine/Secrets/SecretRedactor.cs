using System.Buffers;
using System.Text;
using Kamal.Engine.Secrets.Redaction;

namespace Kamal.Engine.Secrets;

/// <summary>Takes secrets out of text, in every form in which programs print them.</summary>
/// <remarks>
/// Looked for are the value, each of its lines, and both escaped for JSON, a URL, a shell, Ruby, dotenv or HTML, and the value
/// in base64 (also inside a longer text) and in hexadecimal. A value of 1 to 3 characters would blank out ordinary words:
/// it is taken out only behind its name, as in <c>PIN=12</c>. <c>true</c>, <c>false</c> and <c>null</c> are no secrets.
/// </remarks>
public sealed class SecretRedactor
{
    /// <summary>The fewest characters that are looked for anywhere in a text.</summary>
    internal const int ShortestSecret = 4;

    private static readonly string[] CommonWords = ["true", "false", "null", "none"];

    private readonly SearchValues<string>? _anchors;
    private readonly Dictionary<char, Needle[]> _needles;
    private readonly ShortSecrets _short;

    /// <summary>Creates a redactor.</summary>
    /// <param name="secrets">The secrets to take out.</param>
    public SecretRedactor(IEnumerable<SecretValue> secrets)
        : this([.. secrets.Select(secret => new KeyValuePair<string, SecretValue>("", secret))])
    {
    }

    private SecretRedactor(List<KeyValuePair<string, SecretValue>> all, SecretForms? known = null)
    {
        var forms = known ?? new SecretForms();
        var needles = all.Select(secret => secret.Value.Reveal()).Distinct(StringComparer.Ordinal).SelectMany(forms.NeedlesOf).ToList();
        _anchors = needles.Count == 0
            ? null
            : SearchValues.Create([.. needles.Select(needle => needle.Anchor).Distinct()], StringComparison.Ordinal);
        _needles = needles.GroupBy(needle => needle.Anchor[0]).ToDictionary(group => group.Key, group => group.ToArray());
        _short = new(all.Where(secret => secret.Value.Reveal().Trim().Length is > 0 and < ShortestSecret));
    }

    /// <summary>Creates a redactor of secrets with names.</summary>
    /// <param name="secrets">The secrets to take out, each by its name; a name may be empty.</param>
    public static SecretRedactor OfNamed(IEnumerable<KeyValuePair<string, SecretValue>> secrets) => OfNamed(secrets, new());

    /// <summary>Creates a redactor that shares what was prepared for others before.</summary>
    internal static SecretRedactor OfNamed(IEnumerable<KeyValuePair<string, SecretValue>> secrets, SecretForms forms) =>
        new([.. secrets], forms);

    /// <summary>The text with <c>[REDACTED]</c> in place of every secret.</summary>
    /// <param name="text">The text.</param>
    public string Redact(string text)
    {
        if (Find(text) is not { Count: > 0 } found) return _short.Redact(text);
        var result = new StringBuilder(text.Length);
        var from = 0;
        foreach (var (start, end) in found)
        {
            result.Append(text, from, start - from).Append(ShellWord.Redaction);
            from = end;
        }

        return _short.Redact(result.Append(text, from, text.Length - from).ToString());
    }

    /// <summary>Whether a text is so common that it cannot be a secret.</summary>
    internal static bool IsCommonWord(string text) => CommonWords.Contains(text, StringComparer.OrdinalIgnoreCase);

    /// <summary>Where secrets stand, in order; none overlaps another.</summary>
    internal List<(int Start, int End)>? Find(string text)
    {
        if (_anchors is null) return null;
        List<(int Start, int End)>? found = null;
        for (var at = 0; at < text.Length; at++)
        {
            var next = text.AsSpan(at).IndexOfAny(_anchors);
            if (next < 0) break;
            at += next;
            foreach (var needle in _needles[text[at]])
            {
                if (needle.Match(text, at) is { } match) (found ??= []).Add(match);
            }
        }

        return found is null ? null : Merge(found);
    }

    private static List<(int Start, int End)> Merge(List<(int Start, int End)> found)
    {
        found.Sort();
        List<(int Start, int End)> merged = [found[0]];
        foreach (var (start, end) in found)
        {
            var (lastStart, lastEnd) = merged[^1];
            if (start <= lastEnd) merged[^1] = (lastStart, Math.Max(lastEnd, end));
            else merged.Add((start, end));
        }

        return merged;
    }
}
