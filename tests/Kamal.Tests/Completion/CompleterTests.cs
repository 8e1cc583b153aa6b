using System.Diagnostics;
using System.Management.Automation;
using System.Text.RegularExpressions;
using Kamal.Engine.Results;
using Kamal.Sessions;
using Kamal.Tests.Support;

namespace Kamal.Tests.Completion;

public sealed class CompleterTests
{
    [Theory]
    [InlineData("Invoke-KamalDeploy -HostName ", "192.0.2.1 192.0.2.2 192.0.2.3")]
    [InlineData("Invoke-KamalDeploy -Host 192.0.2.3", "192.0.2.3")]
    [InlineData("Invoke-KamalDeploy -Role w", "web workers")]
    [InlineData("Restart-KamalAccessory d", "db")]
    [InlineData("Restart-KamalAccessory ", "all cache db")]
    [InlineData("Get-KamalConfig -Destination ", "staging")]
    [InlineData("Get-KamalDocumentation prox", "proxy")]
    [InlineData("Get-KamalVaultSecret -Adapter 1", "1password")]
    [InlineData("Get-KamalContainer -Destination staging -HostName 198", "198.51.100.7")]
    public void Names_are_read_from_the_projects_files(string line, string expected)
    {
        using var session = new TestSession();
        session.Write("config/deploy.staging.yml", "servers:\n  web: [ 198.51.100.7 ]\n");
        Assert.Equal(expected.Split(' ').Order(StringComparer.Ordinal), Complete(session, line).Order(StringComparer.Ordinal));
        Assert.Empty(session.Asked);
    }

    [Theory]
    [InlineData("")]
    [InlineData("servers: [ ")]
    [InlineData("<% raise %>\nservers: <%= `reboot` %>\n")]
    [InlineData("\t- \0")]
    public void An_invalid_file_completes_nothing_and_reports_no_error(string text)
    {
        using var session = new TestSession();
        session.Write("config/deploy.yml", text);
        Assert.Empty(Complete(session, "Invoke-KamalDeploy -Role "));
        File.Delete(Path.Combine(session.Folder, "config/deploy.yml"));
        Assert.Empty(Complete(session, "Invoke-KamalDeploy -Role "));
        Assert.Empty(session.Run("1").Errors);
    }

    [Fact]
    public void Versions_have_their_age_their_subject_and_whether_they_served()
    {
        using var session = new TestSession();
        Git(session, "init", "-q");
        foreach (var subject in new[] { "Fix the login", "Bad \u001b[31m colors" })
        {
            Git(session, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", subject);
        }

        var commits = Matches(session, "Invoke-KamalRollback ");
        Assert.Equal(2, commits.Count);
        Assert.Matches("^[0-9a-f]{7}  [0-9]+s  not seen on a host  Fix the login$", commits[1].ListItemText);
        Assert.DoesNotContain('\u001b', commits[0].ToolTip);

        var version = commits[1].CompletionText;
        var versions = KamalSession.For(session.Runspace).SeenIn(SeenProject.Of(session.Folder, null, null));
        versions.Remember(new KamalDeployResult("h", "web", version, HostOutcome.Succeeded) { PreviousVersion = "v1" });
        versions.Remember(new KamalDeployResult("h", "web", "v3", HostOutcome.Failed) { PreviousVersion = version });
        versions.Remember(new KamalContainer("h", KamalContainerKind.App, "app-web-v0") { Version = "v0" });

        Assert.Equal(
            [("v0", "on a host"), ("v3", "never became healthy"), (version, "served  Fix the login"), ("v1", "served")],
            Matches(session, "Start-KamalApp -Version ").Select(match =>
                (match.CompletionText, Regex.Replace(match.ToolTip, "^[0-9]+[smhd]  ", ""))));
        Assert.Equal([version], Complete(session, $"kamal rollback {version[..5]}"));
        Assert.Empty(session.Asked);
    }

    [Fact]
    public void Without_a_repository_versions_complete_nothing()
    {
        using var session = new TestSession();
        Assert.Empty(Matches(session, "Invoke-KamalRollback "));
        Assert.Empty(session.Run("1").Errors);
    }

    private static void Git(TestSession session, params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = session.Folder })!;
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
    }

    private static List<CompletionResult> Matches(TestSession session, string line)
    {
        using var shell = PowerShell.Create(session.Runspace);
        return [.. CommandCompletion.CompleteInput(line, line.Length, null, shell).CompletionMatches
            .Where(match => match.ResultType == CompletionResultType.ParameterValue)];
    }

    private static List<string> Complete(TestSession session, string line)
    {
        using var shell = PowerShell.Create(session.Runspace);
        // Ignores PowerShell's fallback to file names.
        return [.. CommandCompletion.CompleteInput(line, line.Length, null, shell).CompletionMatches
            .Where(match => match.ResultType == CompletionResultType.ParameterValue).Select(match => match.CompletionText)];
    }
}
