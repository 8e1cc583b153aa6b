using System.Text.RegularExpressions;
using Kamal.Common;

namespace Kamal.Engine.Values;

/// <summary>
/// Makes text from hosts, containers, registries and files safe to show: characters that could control a terminal or reorder a line are
/// escaped, and if a CI service reads the output, its commands are broken up.
/// </summary>
public static partial class SafeText
{
    /// <summary>Variables set by CI services that read commands from the output.</summary>
    private static readonly string[] CiVariables =
    [
        "TF_BUILD", "GITHUB_ACTIONS", "GITEA_ACTIONS", "FORGEJO_ACTIONS", "GITLAB_CI", "TEAMCITY_VERSION", "BUILDKITE",
    ];

    /// <summary>Whether a CI service reads this process's output.</summary>
    /// <param name="environment">Reads environment variables.</param>
    public static bool IsCi(Func<string, string?> environment) =>
        CiVariables.Any(name => environment(name) is { Length: > 0 } value && !value.Equals("false", StringComparison.OrdinalIgnoreCase));

    /// <summary>Escapes multi-line text; line breaks are kept.</summary>
    /// <param name="inCi">Whether to break up the commands of CI services.</param>
    public static string Lines(string text, bool inCi) => Neutralize(EscapedText.Of(text, keepLines: true), inCi);

    /// <summary>Escapes multi-line text that the operator asked for; line breaks and tabs are kept.</summary>
    /// <param name="inCi">Whether to break up the commands of CI services.</param>
    public static string Asked(string text, bool inCi) => Neutralize(EscapedText.Of(text, keepLines: true, keepTabs: true), inCi);

    /// <summary>Escapes a single line, including line breaks.</summary>
    /// <param name="inCi">Whether to break up the commands of CI services.</param>
    public static string Line(string text, bool inCi) => Neutralize(EscapedText.Of(text, keepLines: false), inCi);

    /// <summary>Prefixes every line but the first, unless it already has the prefix.</summary>
    /// <param name="prefix">The prefix, including a separator.</param>
    public static string Indent(string text, string prefix) => !text.Contains('\n', StringComparison.Ordinal) ? text : string.Join('\n',
        text.Split('\n')
            .Select((line, i) => i == 0 || line.Length == 0 || line.StartsWith(prefix, StringComparison.Ordinal) ? line : prefix + line));

    private static string Neutralize(string text, bool inCi)
    {
        if (!inCi) return text;
        if (text.Contains("##", StringComparison.Ordinal)) text = HashCommand().Replace(text, "#\\#");
        if (text.Contains("::", StringComparison.Ordinal)) text = ColonCommand().Replace(text, ":\\:");
        if (text.Contains("section_", StringComparison.Ordinal)) text = SectionMarker().Replace(text, "section\\_");
        return BlockMarker().Replace(text, match => "\\" + match.Value);
    }

    /// <summary>
    /// Azure Pipelines (<c>##vso[…]</c>, <c>##[…]</c>), old GitHub runners (<c>##[…]</c>) and TeamCity, which search anywhere in
    /// a line.
    /// </summary>
    [GeneratedRegex(@"##(?=(?:vso|teamcity)?\[)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex HashCommand();

    /// <summary>
    /// GitHub, Gitea and Forgejo: at the start of a line, after blanks. A table or list may move any text there, so known
    /// commands are matched anywhere.
    /// </summary>
    [GeneratedRegex(
        @"::(?=(?:error|warning|notice|debug|group|endgroup|echo|set-[a-z]+|save-state|add-(?:path|mask|matcher)|remove-matcher|"
        + @"stop-commands|internal-[a-z-]+)(?:\s[^\r\n]*?)?::)|(?<=^\s*)::(?=[^\s:])",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex ColonCommand();

    /// <summary>GitLab: <c>section_start:TIME:NAME</c>, which also requires control characters; those are escaped anyway.</summary>
    [GeneratedRegex(@"section_(?=(?:start|end):[0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex SectionMarker();

    /// <summary>Buildkite: groups begin with <c>---</c>, <c>+++</c>, <c>~~~</c> or <c>^^^</c> and a space at the start of a line.</summary>
    [GeneratedRegex(@"^(?:---|\+\+\+|~~~|\^\^\^)(?= )", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex BlockMarker();
}
