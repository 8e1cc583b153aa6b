using Kamal.Loading;
using Kamal.Tests.Support;

namespace Kamal.Tests.Cmdlets;

/// <summary>A password for hosts, from <c>-Credential</c>.</summary>
[Trait("Category", "Linux")]
public sealed class CredentialTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" -Interactive")]
    public async Task A_credential_is_the_account_and_its_password(string parameter)
    {
        await using var account = TestAccount.Create();
        await using var server = await SshServer.StartAsync("PasswordAuthentication yes", "UsePAM yes", "PubkeyAuthentication no");
        using var session = new TestSession(AdapterLoader.Factory.CreateHostConnector());
        session.Write("ssh_config", $"Host *\n  UserKnownHostsFile {server.KnownHosts}\n");
        var configuration = SampleProject.Configuration.Replace("192.0.2.1", $"127.0.0.1:{server.Port}", StringComparison.Ordinal);
        session.Write("config/deploy.yml", configuration + "\nssh:\n  user: deploy\n  config: ssh_config\n");
        var run = session.Run($$"""
            $password = [securestring]::new(); '{{account.Password}}'.ToCharArray() | ForEach-Object { $password.AppendChar($_) }
            $credential = [pscredential]::new('{{account.Name}}', $password)
            Invoke-KamalServerCommand 'id -un' -HostName 127.0.0.1:{{server.Port}} -Credential $credential -Verbose{{parameter}}
            """);
        Assert.Empty(run.Errors);
        Assert.Contains($"Accepted password for {account.Name}", server.Log, StringComparison.Ordinal);
        Assert.Contains(account.Name, string.Join("\n", run.Output), StringComparison.Ordinal);
        Assert.DoesNotContain(account.Password, string.Join("\n", run.Verbose), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "deploy@192.0.2.1:22")]
    [InlineData(" -Credential ([pscredential]::new('alice', [securestring]::new()))", "alice@192.0.2.1:22")]
    public void The_account_is_from_the_credential_or_the_configuration(string parameter, string expected)
    {
        var connector = TestConnector.Refusing();
        using var session = new TestSession(connector);
        session.Write("config/deploy.yml", SampleProject.Configuration + "\nssh:\n  user: deploy\n  config: false\n");
        session.Run("Invoke-KamalServerCommand uptime -HostName 192.0.2.1" + parameter);
        Assert.Equal(expected, Assert.Single(connector.Targets).Address);
    }
}
