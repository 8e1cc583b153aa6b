using System.Collections.Immutable;
using Kamal.Engine.Commands;

namespace Kamal.Engine.Secrets;

/// <summary>Takes secrets out of text that programs printed, before it reaches a log or an error.</summary>
/// <remarks>The last line of defence: what we write ourselves never holds a secret. Values under four characters stay, as they would blank out ordinary words.</remarks>
public sealed class SecretRedactor
{
    private const int ShortestSecret = 4;

    private readonly ImmutableArray<string> _values;

    /// <summary>Creates a redactor.</summary>
    /// <param name="secrets">The secrets to take out; of one with several lines each line too.</param>
    public SecretRedactor(IEnumerable<SecretValue> secrets) => _values =
    [
        .. secrets.SelectMany(secret => Forms(secret.Reveal())).Where(value => value.Length >= ShortestSecret)
            .Distinct(StringComparer.Ordinal).OrderByDescending(value => value.Length),
    ];

    /// <summary>The text with <c>[REDACTED]</c> in place of every secret.</summary>
    /// <param name="text">Text that a program printed.</param>
    public string Redact(string text)
    {
        foreach (var value in _values) text = text.Replace(value, ShellWord.Redaction, StringComparison.Ordinal);
        return text;
    }

    private static IEnumerable<string> Forms(string value) => value.Split('\n').Select(line => line.Trim()).Append(value.Trim());
}
