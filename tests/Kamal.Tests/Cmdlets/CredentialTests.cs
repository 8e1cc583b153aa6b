using Kamal.Tests.Support;

namespace Kamal.Tests.Cmdlets;

/// <summary>A password for the hosts, as PowerShell hands passwords over.</summary>
public sealed class CredentialTests : IDisposable
{
    private readonly TestConnector _connector = TestConnector.Refusing();
    private readonly TestSession _session;

    public CredentialTests() => _session = new(_connector);

    public void Dispose() => _session.Dispose();

    [Fact]
    public void A_credential_is_the_account_and_its_password()
    {
        _session.Write("config/deploy.yml", SampleProject.Configuration + "\nssh:\n  user: deploy\n  config: false\n");
        var run = _session.Run("""
            $password = [securestring]::new(); 'hunter2'.ToCharArray() | ForEach-Object { $password.AppendChar($_) }
            Invoke-KamalServerCommand uptime -HostName 192.0.2.1 -Credential ([pscredential]::new('alice', $password)) -Verbose
            """);
        var target = Assert.Single(_connector.Targets);
        Assert.Equal(("alice@192.0.2.1:22", "hunter2"), (target.ToString(), target.Password!.Reveal()));
        Assert.DoesNotContain("hunter2", string.Join("\n", run.Errors.Select(error => error.ToString()).Concat(run.Verbose)), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_one_there_is_no_password()
    {
        _session.Write("config/deploy.yml", SampleProject.Configuration + "\nssh:\n  user: deploy\n  config: false\n");
        _session.Run("Invoke-KamalServerCommand uptime -HostName 192.0.2.1");
        var target = Assert.Single(_connector.Targets);
        Assert.Equal(("deploy@192.0.2.1:22", null), (target.ToString(), target.Password));
    }
}
