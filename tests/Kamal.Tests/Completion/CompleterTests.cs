using System.Management.Automation;
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

    private static List<string> Complete(TestSession session, string line)
    {
        using var shell = PowerShell.Create(session.Runspace);
        // Ignores PowerShell's fallback to file names.
        return [.. CommandCompletion.CompleteInput(line, line.Length, null, shell).CompletionMatches
            .Where(match => match.ResultType == CompletionResultType.ParameterValue).Select(match => match.CompletionText)];
    }
}
