using System.Globalization;
using System.Text.RegularExpressions;

namespace Kamal.Tests.Help;

/// <summary>
/// A page of docs/en-US in the schema 2024-05-01 of PlatyPS 1.0. Syntax, parameters and outputs come from the class. Descriptions, examples,
/// notes and links are written by hand in the page and are kept.
/// </summary>
internal static partial class MarkdownHelp
{
    private const string CommonParameters =
        "### CommonParameters\n\nThis cmdlet supports the common parameters: -Debug, -ErrorAction, -ErrorVariable,\n"
            + "-InformationAction, -InformationVariable, -OutBuffer, -OutVariable, -PipelineVariable,\n"
            + "-ProgressAction, -Verbose, -WarningAction, and -WarningVariable. For more information, see\n"
            + "[about_CommonParameters](https://go.microsoft.com/fwlink/?LinkID=113216).";

    public static string Write(CmdletHelp help, string? before)
    {
        List<string> page = [];
        page.Add("---\ndocument type: cmdlet\nexternal help file: Kamal.dll-Help.xml\nHelpUri: ''\nLocale: en-US\nModule Name: Kamal\n");
        page.Add($"PlatyPS schema version: 2024-05-01\ntitle: {help.Name}\n---\n\n");
        page.Add($"# {help.Name}\n\n## SYNOPSIS\n\n{help.Synopsis}\n\n## SYNTAX\n\n");
        foreach (var syntax in help.Syntaxes) page.Add(syntax + "\n\n");
        page.Add($"## ALIASES\n\n## DESCRIPTION\n\n{Section(before, "DESCRIPTION") ?? help.Synopsis}\n\n");
        page.Add($"## EXAMPLES\n\n{Section(before, "EXAMPLES") ?? $"### Example 1\n\n```powershell\n{help.Name}\n```"}\n\n## PARAMETERS\n\n");
        foreach (var parameter in help.Parameters) Append(page, parameter);
        page.Add(CommonParameters + "\n\n## INPUTS\n\n### ");
        page.Add(help.Parameters.Any(parameter => parameter.AcceptsPipeline) ? "System.Management.Automation.PSObject" : "None");
        page.Add("\n\n## OUTPUTS\n\n");
        foreach (var output in help.Outputs) page.Add($"### {output}\n\n");
        page.Add($"## NOTES\n\n{(Section(before, "NOTES") is { } notes ? notes + "\n\n" : "")}## RELATED LINKS\n\n");
        page.Add($"{Section(before, "RELATED LINKS")}\n");
        return string.Concat(page).Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    /// <summary>The text of a section, without the empty lines around it, or null.</summary>
    public static string? Section(string? page, string name)
    {
        if (page is null || !page.Contains($"\n## {name}\n", StringComparison.Ordinal)) return null;
        var start = page.IndexOf($"\n## {name}\n", StringComparison.Ordinal) + name.Length + 5;
        var end = NextSection().Match(page, start - 1) is { Success: true } next ? next.Index : page.Length;
        var text = page[start..Math.Max(start, end)].Trim('\n');
        return text.Length == 0 ? null : text;
    }

    /// <summary>The examples of a page: title, code, remarks.</summary>
    public static IEnumerable<(string Title, string Code, string Remarks)> Examples(string page) =>
        Example().Matches(Section(page, "EXAMPLES") ?? "")
            .Select(match => (match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value.Trim()));

    private static void Append(List<string> page, ParameterHelp parameter)
    {
        page.Add($"### -{parameter.Name}\n\n{parameter.Description}\n\n```yaml\nType: {parameter.TypeName}\n");
        page.Add($"DefaultValue: {(parameter.DefaultValue.Length > 0 ? parameter.DefaultValue : "''")}\n");
        page.Add($"SupportsWildcards: {Yaml(parameter.Wildcards)}\nParameterValue: []\n{List("Aliases", parameter.Aliases)}ParameterSets:\n");
        foreach (var (name, set) in parameter.Sets)
        {
            page.Add($"- Name: {name}\n  Position: {(set.Position < 0 ? "Named" : set.Position.ToString(CultureInfo.InvariantCulture))}\n");
            page.Add($"  IsRequired: {Yaml(set.IsMandatory)}\n  ValueFromPipeline: {Yaml(set.ValueFromPipeline)}\n");
            page.Add($"  ValueFromPipelineByPropertyName: {Yaml(set.ValueFromPipelineByPropertyName)}\n");
            page.Add($"  ValueFromRemainingArguments: {Yaml(set.ValueFromRemainingArguments)}\n");
        }

        page.Add($"DontShow: false\n{List("AcceptedValues", parameter.Values)}HelpMessage: ''\n```\n\n");
    }

    private static string Yaml(bool value) => value ? "true" : "false";

    private static string List(string key, IReadOnlyList<string> values) =>
        values.Count == 0 ? $"{key}: []\n" : $"{key}:\n{string.Concat(values.Select(value => $"- {value}\n"))}";

    [GeneratedRegex("\n## ")]
    private static partial Regex NextSection();

    [GeneratedRegex("### (.+)\n\n```powershell\n((?:(?!```).*\n)*)```((?:\n(?!### ).*)*)")]
    private static partial Regex Example();
}
