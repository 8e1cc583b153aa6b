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
        Assert.All(
            SampleProject.SecretValues,
            value => Assert.DoesNotContain(shown.HostLines, line => line.Contains(value, StringComparison.Ordinal)));
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
        Assert.All(
            SampleProject.SecretValues,
            value => Assert.DoesNotContain(run.Output, item => item.ToString()!.Contains(value, StringComparison.Ordinal)));
    }

    [Fact]
    public void Names_select_and_come_from_the_pipeline()
    {
        Assert.Equal(["hunter2"], _session.Run("Get-KamalSecret REGISTRY_PASSWORD -AsPlainText").Results<string>());
        Assert.Equal(
            ["s3cr3t-value", "hunter2"],
            _session.Run("'APP_SECRET', 'REGISTRY_PASSWORD' | Get-KamalSecret -AsPlainText").Results<string>());
    }

    [Theory]
    [InlineData("Get-KamalSecret *_PASSWORD", "REGISTRY_PASSWORD,DB_PASSWORD")]
    [InlineData("Get-KamalSecret APP_SECRE?, 'D[BC]*'", "APP_SECRET,DB_PASSWORD")]
    [InlineData("Get-KamalSecret no*", "")]
    [InlineData("Get-KamalSecret nosuch -ErrorAction SilentlyContinue", "")]
    public void Patterns_select(string command, string names)
    {
        var run = _session.Run($"({command}).Name -join ','");
        Assert.All(run.Errors, error => Assert.Contains("nosuch", error.ToString(), StringComparison.Ordinal));
        Assert.Equal([names], run.Results<string>());
        Assert.Equal(["hunter2"], _session.Run("Get-KamalSecret REG* -AsPlainText").Results<string>());
    }

    [Fact]
    public void A_value_becomes_a_SecureString()
    {
        var secure = Assert.Single(_session.Run("(Get-KamalSecret APP_SECRET).ToSecureString()").Results<SecureString>());
        Assert.True(secure.IsReadOnly());
        Assert.Equal("s3cr3t-value", new NetworkCredential("", secure).Password);
    }

    [Fact]
    public void A_missing_secret_and_a_failing_command_are_errors_with_IDs()
    {
        var missing = _session.Run("Get-KamalSecret NOPE");
        Assert.Equal("SecretUnavailable", missing.ErrorId);
        Assert.Contains("Secret 'NOPE' not found in .kamal/secrets.", missing.Errors[^1].Exception.Message, StringComparison.Ordinal);
        _session.Write(".kamal/secrets", "A=$(exit 4)");
        var failed = _session.Run("Get-KamalSecret A");
        Assert.Equal("SecretUnavailable", failed.ErrorId);
        Assert.Contains(
            "The secret A (.kamal/secrets:1) has no value: exit in sh ended with exit code 4",
            failed.Errors[^1].Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_destination_has_its_own_secrets()
    {
        _session.Write("config/deploy.staging.yml", "service: shop\n");
        _session.Write(".kamal/secrets.staging", "A=$KAMAL_DESTINATION");
        Assert.Equal(["staging"], _session.Run("Get-KamalSecret -Destination staging -AsPlainText").Results<string>());
    }

    [Fact]
    public void Fetched_secrets_are_selected_from_the_pipeline()
    {
        Assert.Equal(
            ["v/AB", "v/CD"],
            _session.Run("Get-KamalVaultSecret -Adapter test -Account me -From v AB, CD").Results<KamalSecret>()
                .Select(secret => secret.Name));
        Assert.Equal(
            ["BA/v"],
            _session.Run("Get-KamalVaultSecret -Adapter test -Account me -From v AB, CD | Select-KamalSecret AB -AsPlainText")
                .Results<string>());
        Assert.Equal(
            ["DC/v"],
            _session.Run("'AB', 'CD' | Get-KamalVaultSecret -Adapter test -Account me -From v -AsJson | Select-KamalSecret CD " +
                "-AsPlainText").Results<string>());
        Assert.Equal(["BA"], _session.Run("Get-KamalVaultSecret -Adapter test -Account me AB -AsPlainText").Results<string>());
        Assert.Equal(
            "CD",
            Assert.Single(_session.Run("Get-KamalVaultSecret -Adapter test -Account me AB, CD | Select-KamalSecret CD")
                .Results<KamalSecret>()).Name);
    }

    [Theory]
    [InlineData("Get-KamalVaultSecret -Adapter nosuch A", "ArgumentInvalid")]
    [InlineData("Get-KamalVaultSecret -Adapter test A", "ArgumentInvalid")]
    [InlineData("Get-KamalVaultSecret -Adapter test -Account me A | Select-KamalSecret B", "SecretUnavailable")]
    [InlineData("Select-KamalSecret B 'no json'", "SecretUnavailable")]
    public void Errors_have_IDs(string script, string id) => Assert.Equal(id, _session.Run(script).ErrorId);

    [Theory]
    [InlineData("kamal secrets print", "REGISTRY_PASSWORD=hunter2", "APP_SECRET=s3cr3t-value", "DB_PASSWORD=d4tabase-word")]
    [InlineData("kamal secrets fetch --adapter test --account me AB CD", "{\"AB\":\"BA\",\"CD\":\"DC\"}")]
    [InlineData("kamal secrets fetch -a test --account=me --from f AB", "{\"f/AB\":\"BA/f\"}")]
    [InlineData("kamal secrets fetch --adapter test AB", "No value provided for required options '--account'")]
    [InlineData("kamal secrets fetch --adapter test --account me AB --inline")]
    [InlineData("kamal secrets extract A '{\"v/A\":\"x y\"}'", "x y")]
    public void The_command_line_prints_secrets_as_Kamal_does(string script, params string[] expected)
    {
        var run = _session.Run(script);
        Assert.Empty(run.Errors);
        Assert.Equal(expected, run.Results<string>());
    }

    [Fact]
    public void Listing_runs_no_command_until_a_value_is_used()
    {
        _session.Write(".kamal/secrets", "A=$(echo x >> ran; echo made)\nB=$(exit 3)\nC=plain\n");
        Assert.Equal(["A", "B", "C"], _session.Run("(Get-KamalSecret).Name").Results<string>());
        Assert.Empty(
            _session.Run("[System.Management.Automation.PSSerializer]::Serialize((Get-KamalSecret), 9) | Out-Null; Get-KamalSecret " +
                "| Out-Default").Errors);
        Assert.False(File.Exists(Path.Combine(_session.Folder, "ran")));
        Assert.Equal(
            ["made", "plain"],
            _session.Run("Get-KamalSecret | Where-Object Name -ne B | ForEach-Object { $_.Value.Reveal() }").Results<string>());
        Assert.Contains(
            "The secret B (.kamal/secrets:2) has no value: exit in sh ended with exit code 3",
            _session.Run("(Get-KamalSecret)[1].ToSecureString()").Errors[^1].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unused_secret_without_a_value_is_empty_with_a_warning()
    {
        _session.Write(".kamal/secrets", "MASTER=$(exit 4)\nREGISTRY_PASSWORD=hunter2\nAPP_SECRET=x\nDB_PASSWORD=y\nset -a\n");
        var printed = _session.Run("kamal secrets print");
        Assert.Empty(printed.Errors);
        Assert.Equal(["MASTER=", "REGISTRY_PASSWORD=hunter2", "APP_SECRET=x", "DB_PASSWORD=y"], printed.Results<string>());
        Assert.Contains(
            printed.Warnings,
            warning => warning.StartsWith("The secret MASTER (.kamal/secrets:1) has no value", StringComparison.Ordinal));
        Assert.Contains(printed.Warnings, warning => warning.StartsWith(".kamal/secrets:5: the line is ignored", StringComparison.Ordinal));

        _session.Write(".kamal/secrets", "REGISTRY_PASSWORD=$(exit 4)\nAPP_SECRET=$(exit 5)\nDB_PASSWORD=y\n");
        var named = _session.Run("Get-KamalSecret -AsPlainText");
        Assert.Equal("SecretUnavailable", named.ErrorId);
        Assert.Equal(["y"], named.Results<string>());
        Assert.Contains("REGISTRY_PASSWORD (.kamal/secrets:1)", named.Errors[^1].Exception.Message, StringComparison.Ordinal);
        Assert.Contains("APP_SECRET (.kamal/secrets:2)", named.Errors[^1].Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_check_of_the_configuration_warns_of_values_that_containers_do_not_receive_as_written()
    {
        _session.Write(
            ".kamal/secrets",
            "APP_SECRET='a\\b'\nDB_PASSWORD=$(touch ran; echo 'a\\b')\nREGISTRY_PASSWORD='a\\b'\nOTHER='a\\b'\nsource .env\n");
        var check = _session.Run("Test-KamalConfig");
        Assert.Empty(check.Output);
        Assert.Equal(
            [
                ".kamal/secrets:5: the line is ignored, because it is not an assignment (KEY=value); no shell runs this file.",
                ".kamal/secrets:1: APP_SECRET has a backslash. Kamal writes it doubled to the environment file, and Docker does not " +
                "undo that, so the container receives two.",
            ],
            check.Warnings);
        Assert.False(File.Exists(Path.Combine(_session.Folder, "ran")));
        Assert.Equal([true], _session.Run("Test-KamalConfig -Quiet").Results<bool>());
        Assert.Empty(_session.Run("Test-KamalConfig -Quiet").Warnings);

        _session.Write(".kamal/secrets", "APP_SECRET=${X:+y}\n");
        Assert.Contains(
            _session.Run("Test-KamalConfig").Warnings,
            warning => warning.StartsWith(".kamal/secrets:1: the value of APP_SECRET cannot be read", StringComparison.Ordinal));
    }
}
