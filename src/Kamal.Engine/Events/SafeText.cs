using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Kamal.Engine.Events;

/// <summary>
/// Makes text from hosts, containers, registries and files safe to show: characters that could control a terminal or reorder a line are
/// escaped, and if a CI service reads the output, its commands are broken up.
/// </summary>
public static partial class SafeText
{
    private const string Tab = "    ";

    /// <summary>The characters to escape, as a vectorized search: hardly any text contains one.</summary>
    private static readonly SearchValues<char> Suspects = SearchValues.Create([.. Enumerable.Range(0, 0x10000).Select(code => (char)code).Where(IsSuspect)]);

    /// <summary>Variables set by CI services that read commands from the output.</summary>
    private static readonly string[] CiVariables = ["TF_BUILD", "GITHUB_ACTIONS", "GITEA_ACTIONS", "FORGEJO_ACTIONS", "GITLAB_CI", "TEAMCITY_VERSION", "BUILDKITE"];

    /// <summary>Whether a CI service reads this process's output.</summary>
    /// <param name="environment">Reads environment variables.</param>
    public static bool IsCi(Func<string, string?> environment) => CiVariables.Any(name => environment(name) is { Length: > 0 } value && !value.Equals("false", StringComparison.OrdinalIgnoreCase));

    /// <summary>Escapes multi-line text; line breaks are kept.</summary>
    /// <param name="inCi">Whether to break up the commands of CI services.</param>
    public static string Lines(string text, bool inCi) => Neutralize(Escape(text, keepLines: true), inCi);

    /// <summary>Escapes multi-line text that the operator asked for; line breaks and tabs are kept.</summary>
    /// <param name="inCi">Whether to break up the commands of CI services.</param>
    public static string Asked(string text, bool inCi) => Neutralize(Escape(text, keepLines: true, keepTabs: true), inCi);

    /// <summary>Escapes a single line, including line breaks.</summary>
    /// <param name="inCi">Whether to break up the commands of CI services.</param>
    public static string Line(string text, bool inCi) => Neutralize(Escape(text, keepLines: false), inCi);

    /// <summary>Prefixes every line but the first, unless it already has the prefix.</summary>
    /// <param name="prefix">The prefix, including a separator.</param>
    public static string Indent(string text, string prefix) => !text.Contains('\n', StringComparison.Ordinal) ? text : string.Join('\n',
        text.Split('\n').Select((line, i) => i == 0 || line.Length == 0 || line.StartsWith(prefix, StringComparison.Ordinal) ? line : prefix + line));

    private static string Escape(string text, bool keepLines, bool keepTabs = false)
    {
        if (text.AsSpan().IndexOfAny(Suspects) is var first && first < 0) return text;
        var result = new StringBuilder(text, 0, first, text.Length + 16);
        for (var i = first; i < text.Length; i++)
        {
            var c = text[i];
            if (keepLines && c == '\r' && i + 1 < text.Length && text[i + 1] == '\n') continue;
            if (!IsSuspect(c) || (keepLines && c == '\n') || (keepTabs && c == '\t')) result.Append(c);
            else if (c == '\t') result.Append(Tab);
            else if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) AppendPair(result, c, text[++i]);
            else result.Append(Escaped(c));
        }

        return result.ToString();
    }

    private static void AppendPair(StringBuilder result, char high, char low)
    {
        // Format characters beyond the BMP, such as tags and musical formatting, are invisible too.
        var rune = new Rune(high, low);
        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.OtherNotAssigned) result.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
        else result.Append(high).Append(low);
    }

    private static string Escaped(char c) => c switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\e' => "\\e",
        < '\x100' => string.Create(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
    };

    private static bool IsSuspect(char c) => char.IsControl(c) || char.IsSurrogate(c) || c >= 0xFFFE || CharUnicodeInfo.GetUnicodeCategory(c) switch
    {
        // Zero-width joiners are part of words and emoji.
        UnicodeCategory.Format => c is not ('\u200c' or '\u200d'),
        UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
        _ => false,
    };

    private static string Neutralize(string text, bool inCi)
    {
        if (!inCi) return text;
        if (text.Contains("##", StringComparison.Ordinal)) text = HashCommand().Replace(text, "#\\#");
        if (text.Contains("::", StringComparison.Ordinal)) text = ColonCommand().Replace(text, ":\\:");
        if (text.Contains("section_", StringComparison.Ordinal)) text = SectionMarker().Replace(text, "section\\_");
        return BlockMarker().Replace(text, match => "\\" + match.Value);
    }

    /// <summary>Azure Pipelines (<c>##vso[…]</c>, <c>##[…]</c>), old GitHub runners (<c>##[…]</c>) and TeamCity, which search anywhere in a line.</summary>
    [GeneratedRegex(@"##(?=(?:vso|teamcity)?\[)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex HashCommand();

    /// <summary>GitHub, Gitea and Forgejo: at the start of a line, after blanks. A table or list may move any text there, so known commands are matched anywhere.</summary>
    [GeneratedRegex(@"::(?=(?:error|warning|notice|debug|group|endgroup|echo|set-[a-z]+|save-state|add-(?:path|mask|matcher)|remove-matcher|stop-commands|internal-[a-z-]+)(?:\s[^\r\n]*?)?::)|(?<=^\s*)::(?=[^\s:])", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex ColonCommand();

    /// <summary>GitLab: <c>section_start:TIME:NAME</c>, which also requires control characters; those are escaped anyway.</summary>
    [GeneratedRegex(@"section_(?=(?:start|end):[0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex SectionMarker();

    /// <summary>Buildkite: groups begin with <c>---</c>, <c>+++</c>, <c>~~~</c> or <c>^^^</c> and a space at the start of a line.</summary>
    [GeneratedRegex(@"^(?:---|\+\+\+|~~~|\^\^\^)(?= )", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex BlockMarker();
}
