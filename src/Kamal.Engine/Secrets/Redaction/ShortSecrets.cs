using System.Text.RegularExpressions;

namespace Kamal.Engine.Secrets.Redaction;

/// <summary>Secrets of 1 to 3 characters: taken out only where they stand behind their name.</summary>
internal sealed class ShortSecrets
{
    private readonly Regex? _pattern;

    /// <summary>Creates a redactor.</summary>
    /// <param name="secrets">The secrets by name; those without a name are left alone.</param>
    public ShortSecrets(IEnumerable<KeyValuePair<string, SecretValue>> secrets)
    {
        var pairs = secrets.Where(secret => secret.Key.Length > 0)
            .Select(secret =>
                $"{Regex.Escape(secret.Key)}(?:\\\\*[\"'])?[ \\t]*(?:=>|[:=])[ " +
                $"\\t]*(?:\\\\*[\"'])?)({Regex.Escape(secret.Value.Reveal().Trim())})(?![A-Za-z0-9])").Distinct().ToList();
        if (pairs.Count == 0) return;
        _pattern = new(
            string.Join('|', pairs.Select((pair, i) => $"(?<{Before(i)}>(?<![A-Za-z0-9])" + pair)),
            RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);
    }

    /// <summary>The text without them.</summary>
    public string Redact(string text) => _pattern is null ? text : _pattern.Replace(text, match =>
        match.Groups.Values.First(group => group.Success && group.Name[0] == 'b').Value + ShellWord.Redaction);

    private static string Before(int index) => "b" + index;
}
