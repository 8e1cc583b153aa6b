using System.Globalization;

namespace Kamal.Engine.Output;

/// <summary>GitHub Actions, and the services that read its commands.</summary>
/// <param name="environment">Reads environment variables.</param>
internal sealed class GitHubActions(Func<string, string?> environment) : CiService
{
    public override string? Workspace => environment("GITHUB_WORKSPACE");

    public override string EndGroup => "::endgroup::";

    public override string Mask(string value) => $"::add-mask::{Data(value)}";

    public override string BeginGroup(string title) => $"::group::{Data(title)}";

    public override string Issue(CiIssue issue)
    {
        List<string> properties = [];
        if (issue.File is { } file)
        {
            properties.Add($"file={Property(file)}");
            if (issue.Line > 0) properties.Add(string.Create(CultureInfo.InvariantCulture, $"line={issue.Line}"));
            if (issue.Column > 0) properties.Add(string.Create(CultureInfo.InvariantCulture, $"col={issue.Column}"));
        }

        if (issue.Code is { } code) properties.Add($"title={Property(code)}");
        var list = properties.Count > 0 ? " " + string.Join(',', properties) : "";
        return $"::{(issue.IsError ? "error" : "warning")}{list}::{Data(issue.Text)}";
    }

    public override string? Progress(int percent, string text) => null;

    public override string? SetOutput(string name, string value)
    {
        // A delimiter that the value cannot contain, since nobody can foresee it.
        var end = $"end-{Guid.NewGuid():N}";
        Append("GITHUB_OUTPUT", $"{name}<<{end}\n{value}\n{end}\n");
        return null;
    }

    public override string? AddSummary(string markdown)
    {
        Append("GITHUB_STEP_SUMMARY", markdown);
        return null;
    }

    private void Append(string variable, string text)
    {
        if (environment(variable) is { Length: > 0 } path) File.AppendAllText(path, text);
    }

    private static string Data(string text) => Escape(text, ('%', "%25"), ('\r', "%0D"), ('\n', "%0A"));

    private static string Property(string text) =>
        Escape(text, ('%', "%25"), ('\r', "%0D"), ('\n', "%0A"), (':', "%3A"), (',', "%2C"));
}
