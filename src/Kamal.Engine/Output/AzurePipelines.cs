using System.Globalization;

namespace Kamal.Engine.Output;

/// <summary>Azure Pipelines.</summary>
/// <param name="environment">Reads environment variables.</param>
internal sealed class AzurePipelines(Func<string, string?> environment) : CiService
{
    public override string? Workspace => environment("BUILD_SOURCESDIRECTORY");

    public override string EndGroup => "##[endgroup]";

    public override string Mask(string value) => $"##vso[task.setsecret]{Data(value)}";

    // This kind of command knows no escapes.
    public override string BeginGroup(string title) => $"##[group]{title.ReplaceLineEndings(" ")}";

    public override string Issue(CiIssue issue)
    {
        var properties = $"type={(issue.IsError ? "error" : "warning")};";
        if (issue.File is { } file)
        {
            properties += $"sourcepath={Property(file)};";
            if (issue.Line > 0) properties += string.Create(CultureInfo.InvariantCulture, $"linenumber={issue.Line};");
            if (issue.Column > 0) properties += string.Create(CultureInfo.InvariantCulture, $"columnnumber={issue.Column};");
        }

        if (issue.Code is { } code) properties += $"code={Property(code)};";
        return $"##vso[task.logissue {properties}]{Data(issue.Text)}";
    }

    public override string? Progress(int percent, string text) =>
        string.Create(CultureInfo.InvariantCulture, $"##vso[task.setprogress value={percent};]{Data(text)}");

    public override string? SetOutput(string name, string value) =>
        $"##vso[task.setvariable variable={Property(name)};isOutput=true]{Data(value)}";

    public override string? AddSummary(string markdown)
    {
        // The agent reads the file after this command, and empties its directory after the job.
        if (environment("AGENT_TEMPDIRECTORY") is not { Length: > 0 } folder) return null;
        var path = Path.Combine(folder, $"kamal-{Guid.NewGuid():N}.md");
        File.WriteAllText(path, markdown);
        return $"##vso[task.uploadsummary]{Data(path)}";
    }

    private static string Data(string text) => Escape(text, ('%', "%AZP25"), ('\r', "%0D"), ('\n', "%0A"));

    private static string Property(string text) =>
        Escape(text, ('%', "%AZP25"), ('\r', "%0D"), ('\n', "%0A"), (';', "%3B"), (']', "%5D"));
}
