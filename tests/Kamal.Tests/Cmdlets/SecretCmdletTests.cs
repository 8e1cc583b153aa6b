using System.Net;
using System.Security;
using Kamal.Engine.Results;
using Kamal.Tests.Support;

namespace Kamal.Tests.Cmdlets;

public sealed class SecretCmdletTests : IDisposable
{
    private readonly TestSession _session = new();

    public void Dispose() => _session.Dispose();

    [Fact]
    public void Secrets_are_objects_that_keep_their_values()
    {
        var run = _session.Run("Get-KamalSecret");
        Assert.Equal(["REGISTRY_PASSWORD", "APP_SECRET", "DB_PASSWORD"], run.Results<KamalSecret>().Select(secret => secret.Name));
        Assert.Equal("hunter2", run.Results<KamalSecret>().First().Value!.Reveal());
        var shown = _session.Run("Get-KamalSecret | Out-Default");
        Assert.Empty(shown.Errors);
        Assert.All(SampleProject.SecretValues, value => Assert.DoesNotContain(shown.HostLines, line => line.Contains(value, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("[System.Management.Automation.PSSerializer]::Serialize((Get-KamalSecret), 9)")]
    [InlineData("Get-KamalSecret | ForEach-Object { \"$_ $($_.Value)\" }")]
    [InlineData("Get-KamalVaultSecret -Adapter test -Account me 2retnuh | ForEach-Object { \"$_\" }")]
    public void Nothing_serializes_or_prints_a_value(string script)
    {
        var run = _session.Run(script);
        Assert.Empty(run.Errors);
        Assert.NotEmpty(run.Output);
        Assert.All(SampleProject.SecretValues, value => Assert.DoesNotContain(run.Output, item => item.ToString()!.Contains(value, StringComparison.Ordinal)));
    }

    [Fact]
    public void Names_select_and_come_from_the_pipeline()
    {
        Assert.Equal(["hunter2"], _session.Run("Get-KamalSecret REGISTRY_PASSWORD -AsPlainText").Results<string>());
        Assert.Equal(["s3cr3t-value", "hunter2"], _session.Run("'APP_SECRET', 'REGISTRY_PASSWORD' | Get-KamalSecret -AsPlainText").Results<string>());
    }

    [Fact]
    public void A_value_becomes_a_SecureString()
    {
        var secure = Assert.Single(_session.Run("(Get-KamalSecret APP_SECRET).ToSecureString()").Results<SecureString>());
        Assert.True(secure.IsReadOnly());
        Assert.Equal("s3cr3t-value", new NetworkCredential("", secure).Password);
    }

    [Fact]
    public void A_missing_secret_and_a_failing_command_are_errors_with_an_id()
    {
        var missing = _session.Run("Get-KamalSecret NOPE");
        Assert.Equal("SecretUnavailable", missing.ErrorId);
        Assert.Contains("Secret 'NOPE' not found in .kamal/secrets.", missing.Errors[^1].Exception.Message, StringComparison.Ordinal);
        _session.Write(".kamal/secrets", "A=$(exit 4)");
        var failed = _session.Run("Get-KamalSecret");
        Assert.Equal("SecretUnavailable", failed.ErrorId);
        Assert.Contains("The secret A (.kamal/secrets line 1) could not be made: exit in sh ended with exit code 4", failed.Errors[^1].Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_destination_has_its_own_secrets()
    {
        _session.Write("config/deploy.staging.yml", "service: shop\n");
        _session.Write(".kamal/secrets.staging", "A=$KAMAL_DESTINATION");
        Assert.Equal(["staging"], _session.Run("Get-KamalSecret -Destination staging -AsPlainText").Results<string>());
    }

    [Fact]
    public void What_is_fetched_is_selected_from_the_pipeline()
    {
        Assert.Equal(["v/AB", "v/CD"], _session.Run("Get-KamalVaultSecret -Adapter test -Account me -From v AB, CD").Results<KamalSecret>().Select(secret => secret.Name));
        Assert.Equal(["BA/v"], _session.Run("Get-KamalVaultSecret -Adapter test -Account me -From v AB, CD | Select-KamalSecret AB -AsPlainText").Results<string>());
        Assert.Equal(["DC/v"], _session.Run("'AB', 'CD' | Get-KamalVaultSecret -Adapter test -Account me -From v -AsJson | Select-KamalSecret CD -AsPlainText").Results<string>());
        Assert.Equal(["BA"], _session.Run("Get-KamalVaultSecret -Adapter test -Account me AB -AsPlainText").Results<string>());
        Assert.Equal("CD", Assert.Single(_session.Run("Get-KamalVaultSecret -Adapter test -Account me AB, CD | Select-KamalSecret CD").Results<KamalSecret>()).Name);
    }

    [Theory]
    [InlineData("Get-KamalVaultSecret -Adapter nosuch A", "ArgumentInvalid")]
    [InlineData("Get-KamalVaultSecret -Adapter test A", "ArgumentInvalid")]
    [InlineData("Get-KamalVaultSecret -Adapter test -Account me A | Select-KamalSecret B", "SecretUnavailable")]
    [InlineData("Select-KamalSecret B 'no json'", "SecretUnavailable")]
    public void Errors_have_ids(string script, string id) => Assert.Equal(id, _session.Run(script).ErrorId);

    [Theory]
    [InlineData("kamal secrets print", "REGISTRY_PASSWORD=hunter2", "APP_SECRET=s3cr3t-value", "DB_PASSWORD=d4tabase-word")]
    [InlineData("kamal secrets fetch --adapter test --account me AB CD", "{\"AB\":\"BA\",\"CD\":\"DC\"}")]
    [InlineData("kamal secrets fetch -a test --account=me --from f AB", "{\"f/AB\":\"BA/f\"}")]
    [InlineData("kamal secrets fetch --adapter test AB", "No value provided for required options '--account'")]
    [InlineData("kamal secrets fetch --adapter test --account me AB --inline")]
    [InlineData("kamal secrets extract A '{\"v/A\":\"x y\"}'", "x y")]
    public void Kamals_own_command_line_prints_as_kamal_does(string script, params string[] expected)
    {
        var run = _session.Run(script);
        Assert.Empty(run.Errors);
        Assert.Equal(expected, run.Results<string>());
    }
}
