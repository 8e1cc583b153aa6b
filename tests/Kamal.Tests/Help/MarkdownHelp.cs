using System.Text.RegularExpressions;

namespace Kamal.Tests.Help;

/// <summary>
/// A page of docs/en-US in the schema of platyPS. Syntax, parameters and outputs come from the class. Descriptions, examples and notes are
/// written by hand in the page and are kept.
/// </summary>
internal static partial class MarkdownHelp
{
    private const string CommonParameters =
        "### CommonParameters\nThis cmdlet supports the common parameters: -Debug, -ErrorAction, -ErrorVariable, -InformationAction, " +
        "-InformationVariable, -OutBuffer, -OutVariable, -PipelineVariable, -ProgressAction, -Verbose, -WarningAction, and " +
        "-WarningVariable. For more information, see [about_CommonParameters](https://go.microsoft.com/fwlink/?LinkID=113216).";

    public static string Write(CmdletHelp help, string? before)
    {
        List<string> page = [];
        page.Add("---\nexternal help file: Kamal.dll-Help.xml\nModule Name: Kamal\nonline version:\nschema: 2.0.0\n---\n\n");
        page.Add($"# {help.Name}\n\n## SYNOPSIS\n{help.Synopsis}\n\n## SYNTAX\n\n");
        foreach (var syntax in help.Syntaxes) page.Add(syntax + "\n\n");
        page.Add($"## DESCRIPTION\n{Section(before, "DESCRIPTION") ?? help.Synopsis}\n\n");
        page.Add($"## EXAMPLES\n\n{Section(before, "EXAMPLES") ?? $"### Example 1\n```powershell\n{help.Name}\n```"}\n\n## PARAMETERS\n\n");
        foreach (var parameter in help.Parameters) Append(page, parameter);
        page.Add(CommonParameters + "\n\n## INPUTS\n\n### ");
        page.Add(help.Parameters.Any(parameter => parameter.Pipeline != "False") ? "System.Management.Automation.PSObject" : "None");
        page.Add("\n## OUTPUTS\n\n");
        foreach (var output in help.Outputs) page.Add($"### {output}\n");
        page.Add($"## NOTES\n{Section(before, "NOTES")}\n\n## RELATED LINKS\n");
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
        page.Add(
            $"### -{parameter.Name}\n{parameter.Description}\n\n```yaml\nType: {parameter.TypeName}\nParameter Sets: {parameter.Sets}\n");
        page.Add($"Aliases: {parameter.Aliases}".TrimEnd() + "\n");
        if (parameter.Values.Count > 0) page.Add($"Accepted values: {string.Join(", ", parameter.Values)}\n");
        page.Add($"\nRequired: {parameter.Required}\nPosition: {parameter.Position}\nDefault value: None\n");
        page.Add($"Accept pipeline input: {parameter.Pipeline}\nAccept wildcard characters: {parameter.Wildcards}\n```\n\n");
    }

    [GeneratedRegex("\n## ")]
    private static partial Regex NextSection();

    [GeneratedRegex("### (.+)\n```powershell\n((?:(?!```).*\n)*)```((?:\n(?!### ).*)*)")]
    private static partial Regex Example();
}
