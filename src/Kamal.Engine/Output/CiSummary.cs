using System.Globalization;
using System.Text;
using Kamal.Engine.Results;

namespace Kamal.Engine.Output;

/// <summary>A run as Markdown, for the summary of a CI job. All text in it is shown as it is, never as Markdown or HTML.</summary>
/// <param name="Command">Kamal's name for the command, such as <c>deploy</c>.</param>
public sealed record CiSummary(string Command)
{
    /// <summary>Services refuse summaries of more than 1 MiB.</summary>
    private const int LongestPlan = 500_000;

    /// <summary>What the run was to do, or null if that is unknown.</summary>
    public KamalPlan? Plan { get; init; }

    /// <summary>The version, or null if the run is about none.</summary>
    public string? Version { get; init; }

    /// <summary>How the run ended: <c>succeeded</c>, <c>failed</c>, <c>cancelled</c> or <c>previewed</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>The results of hosts.</summary>
    public IReadOnlyList<object> Results { get; init; } = [];

    /// <summary>The errors, safe to show.</summary>
    public IReadOnlyList<KamalException> Errors { get; init; } = [];

    /// <summary>The Markdown text.</summary>
    public string Render()
    {
        var text = new StringBuilder();
        var app = Plan is null ? "" : $" {Plan.Service}{(Plan.Destination is { } destination ? $" ({destination})" : "")}";
        var version = Version is null ? "" : " " + Version;
        text.Append(CultureInfo.InvariantCulture, $"### {Escaped($"{Command}{app}{version}: {Outcome}")}\n\n");
        string[] columns = ["Host", "Role", "Version", "Before", "Outcome", "Seconds"];
        Table(text, columns, Results.OfType<KamalDeployResult>().Select(result => new[]
        {
            result.HostName, result.Role, result.Version, result.PreviousVersion ?? "", $"{result.Outcome}", Seconds(result.Duration),
        }));
        Table(text, ["Host", "Operation", "Outcome", "Seconds"], Results.OfType<KamalHostResult>().Select(result => new[]
        {
            result.HostName, Operation(result), $"{result.Outcome}", Seconds(result.Duration),
        }));
        foreach (var error in Errors)
        {
            Fenced(text, error.Message);
            if (error.Recommendation is { Length: > 0 } advice) text.Append(CultureInfo.InvariantCulture, $"{Escaped(advice)}\n\n");
        }

        if (Plan is not null)
        {
            var plan = Plan.ToString();
            text.Append("<details><summary>Plan</summary>\n\n");
            Fenced(text, plan.Length > LongestPlan ? plan[..LongestPlan] + "\n…" : plan);
            text.Append("</details>\n\n");
        }

        return text.ToString();
    }

    private static string Operation(KamalHostResult result) =>
        result.Accessory is { } accessory ? $"{result.Operation} ({accessory})"
        : result.Role is { } role ? $"{result.Operation} ({role})"
        : result.Operation;

    private static void Table(StringBuilder text, string[] columns, IEnumerable<string[]> rows)
    {
        var all = rows.ToList();
        if (all.Count == 0) return;
        text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", columns)} |\n|{string.Concat(columns.Select(_ => " --- |"))}\n");
        foreach (var row in all) text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", row.Select(Escaped))} |\n");
        text.Append('\n');
    }

    /// <summary>A block of code whose fence is longer than any in the text.</summary>
    private static void Fenced(StringBuilder text, string lines)
    {
        var longest = 2;
        for (int at = 0, run = 0; at < lines.Length; at++)
        {
            run = lines[at] == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        var fence = new string('`', longest + 1);
        text.Append(CultureInfo.InvariantCulture, $"{fence}text\n{lines}\n{fence}\n\n");
    }

    /// <summary>Text on one line in which no character has a meaning in Markdown or HTML, and no address becomes a link.</summary>
    private static string Escaped(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var character in text.ReplaceLineEndings(" "))
        {
            if (@"\`*_{}[]#+!|~$^=".Contains(character, StringComparison.Ordinal)) result.Append('\\').Append(character);
            else if (character is '<' or '>' or '&' or '@') result.Append(CultureInfo.InvariantCulture, $"&#{(int)character};");
            else result.Append(character);
        }

        return result.Replace("://", "&#58;//").Replace("www.", "www&#46;").ToString();
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
}
