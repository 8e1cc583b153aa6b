using System.Text.RegularExpressions;
using Kamal.CommandLine;
using Kamal.Engine.CommandLine;
using Kamal.Tests.Support;

namespace Kamal.Tests.Cmdlets;

/// <summary>Kamal's command line in a session: <c>kamal deploy -P -d staging</c>.</summary>
public sealed partial class CommandLineCmdletTests
{
    private const string Credential =
        "$password = [Net.NetworkCredential]::new('', 'x').SecurePassword; $credential = [pscredential]::new('me', $password);";

    [Fact]
    public void One_letter_options_are_Kamals()
    {
        using var session = new TestSession();
        var run = session.Run("kamal deploy -P -p -H --version=v1.10 -WhatIf -Verbose");
        Assert.Empty(run.Errors);
        Assert.Empty(session.Asked);
        Assert.Contains(run.Previewed, line => line.Contains("docker pull registry.example.com/acme/shop:v1.10", StringComparison.Ordinal));
        Assert.DoesNotContain(run.Previewed, line => line.Contains("[192.0.2.2]", StringComparison.Ordinal));
    }

    [Fact]
    public void Lists_numbers_and_variables_are_passed_as_written()
    {
        using var session = new TestSession();
        var run = session.Run("$v = 'v7'; Invoke-Kamal app boot -h 192.0.2.1,192.0.2.2 --version $v -WhatIf -Verbose");
        Assert.Empty(run.Errors);
        Assert.Contains(
            run.Previewed,
            line => line.Contains("[192.0.2.2]", StringComparison.Ordinal) && line.Contains("shop-web-v7", StringComparison.Ordinal));
    }

    [Fact]
    public void An_alias_in_the_configuration_is_a_command()
    {
        using var session = new TestSession();
        var run = session.Run("kamal st");
        Assert.Equal(["192.0.2.3"], session.Asked.Distinct());
        Assert.NotEmpty(run.Errors);
    }

    [Fact]
    public void Unknown_commands_and_options_are_errors()
    {
        using var session = new TestSession();
        var run = session.Run("kamal frobnicate");
        Assert.Equal("ArgumentInvalid", run.ErrorId);
    }

    [Fact]
    public void Results_are_objects_and_can_be_filtered()
    {
        using var session = new TestSession();
        var run = session.Run("kamal deploy -P --version v2 -WhatIf | Where-Object Role -eq workers | ForEach-Object HostName");
        Assert.Equal(["192.0.2.3"], run.Results<string>());
    }

    [Theory]
    [InlineData("kamal version", "0.1.0")]
    [InlineData("kamal secrets print", "REGISTRY_PASSWORD=hunter2")]
    [InlineData("""kamal secrets extract B '{"A":"x","B":"y z"}'""", "y z")]
    public void Text_output_is_the_same_as_Kamals(string line, string expected)
    {
        using var session = new TestSession();
        Assert.Equal(expected, session.Run(line).Results<string>().First());
    }

    [Theory]
    [InlineData("kamal config --version v1 | Where-Object { $_ -eq '- workers' }", 1)]
    [InlineData("kamal help | Where-Object { $_ -eq 'Commands:' }", 1)]
    [InlineData("kamal docs proxy | Where-Object { $_ -match '\n' }", 0)]
    [InlineData("kamal docs proxy | Where-Object { $_ -eq 'proxy:' }", 1)]
    [InlineData("kamal secrets extract K '{\"K\":\"one\\ntwo\"}' | Where-Object { $_ -eq 'two' }", 1)]
    public void A_pipeline_receives_lines(string line, int count)
    {
        using var session = new TestSession();
        var run = session.Run(line);
        Assert.Empty(run.Errors);
        Assert.Equal(count, run.Output.Count);
    }

    [Theory]
    [InlineData("kamal boot --version v1 -whatif")]
    [InlineData("kamal again --version v1 -WhatIf")]
    [InlineData("kamal boot -Version v1 -WhatIf -Confirm:$false -Verbose -Debug:$false -AcceptNewHostKey")]
    [InlineData("kamal boot -Version v1 -WhatIf -ThrottleLimit 2 -LockWait -SkipHooks -ErrorAction Stop")]
    [InlineData("kamal boot --version v1 -WhatIf -Credential $credential -HostName 192.0.2.3, 192.0.2.1 -InformationAction Ignore")]
    [InlineData("kamal deploy -SkipPush -Version v1 -WhatIf:$true -ConfigFile config/deploy.yml")]
    [InlineData("kamal deploy -P --version v1 -WhatIf --accept-new-host-key --skip-hooks --lock-wait")]
    [InlineData("kamal server exec -WhatIf uptime -p")]
    [InlineData("kamal server exec uptime -WhatIf")]
    [InlineData("kamal accessory remove db -Confirm:$false -WhatIf -Version v1")]
    [InlineData("kamal remove -WhatIf --version v1")]
    [InlineData("Invoke-KamalCommandLine deploy,-P,--version,v1,'-WhatIf:$true'")]
    public void PowerShells_switches_are_accepted_on_every_command_line(string line)
    {
        using var session = new TestSession();
        session.Write("config/deploy.yml", SampleProject.Configuration + "\n  boot: app boot -r workers\n  again: boot -q\n");
        var run = session.Run($"{Credential} {line}");
        Assert.Empty(run.Errors);
        Assert.NotEmpty(run.WhatIf);
        Assert.Empty(session.Asked);
    }

    [Fact]
    public void A_version_that_looks_like_a_number_is_unchanged()
    {
        using var session = new TestSession();
        Assert.Equal(["0012345e6"], session.Run("kamal rollback 0012345e6 -WhatIf | ForEach-Object Version").Results<string>().Distinct());
        Assert.Equal(["1.10"], session.Run("kamal app boot --version 1.10 -WhatIf | ForEach-Object Version").Results<string>().Distinct());
    }

    [Fact]
    public void A_word_in_place_of_a_credential_is_refused()
    {
        using var session = new TestSession();
        var run = session.Run($"{Credential} kamal rollback v1 -c nosuch.yml -Credential $credential");
        Assert.Equal("ConfigurationNotFound", run.ErrorId);
    }

    [Fact]
    public void Options_of_the_users_command_are_passed_to_it()
    {
        using var session = new TestSession();
        var run = session.Run("kamal server exec -p -WhatIf -Verbose '--' java -version -verbose -Role x -WhatIf");
        Assert.Contains(run.Previewed, line => line.Contains("java -version -verbose -Role x -WhatIf", StringComparison.Ordinal));
        run = session.Run("kamal server exec -p -WhatIf -Verbose mytool -name foo -version:1");
        Assert.Contains(run.Previewed, line => line.Contains("mytool -name foo -version:1", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_switch_in_a_recommendation_is_accepted()
    {
        var recommended = Directory.EnumerateFiles(
            Path.Combine((string)AppContext.GetData("Kamal.Repository")!, "src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(File.ReadLines)
            // Excludes switches of pwsh itself.
            .Where(line => line.Contains("Recommendation", StringComparison.Ordinal) && !line.Contains("pwsh -", StringComparison.Ordinal))
            .SelectMany(line => Switch().Matches(line).Select(match => match.Groups[1].Value)).ToHashSet();
        Assert.Contains("SkipHooks", recommended);
        var spellings = Grammar.Commands.SelectMany(command =>
            Grammar.GlobalOptions.Concat(command.Options).Select(option => CmdletBindings.Of(command).ParameterOf(option.Name)));
        Assert.Empty(recommended.Except(spellings).Except(PowerShellOptions.All.Options.Select(option => option.Name)));
    }

    [Theory]
    [InlineData("Stop", "False")]
    [InlineData("Continue", "True")]
    public void ErrorActionPreference_decides_whether_an_error_ends_the_script(string preference, string goesOn)
    {
        using var session = new TestSession();
        // A script's own scope, which a module's function would not see.
        var run = session.Run($"& {{ $ErrorActionPreference = '{preference}'; kamal nosuch; $global:wentOn = $true }}");
        Assert.Equal("ArgumentInvalid", run.ErrorId);
        Assert.Equal(goesOn, session.Run("[string][bool]$global:wentOn").Results<string>().Single());
    }

    [Fact]
    public void An_error_points_at_the_users_line_and_not_into_the_module()
    {
        using var session = new TestSession();
        session.Write("nosuch.ps1", "\nkamal nosuch");
        var info = session.Run("./nosuch.ps1").Errors.Single().InvocationInfo;
        Assert.Equal(("nosuch.ps1", 2), (Path.GetFileName(info.ScriptName), info.ScriptLineNumber));
        Assert.True(string.IsNullOrEmpty(session.Run("kamal nosuch").Errors.Single().InvocationInfo.ScriptName));
    }

    [Fact]
    public void Help_lists_commands_and_options()
    {
        using var session = new TestSession();
        Assert.Contains("kamal app exec", string.Join('\n', session.Run("kamal help").Results<string>()), StringComparison.Ordinal);
        Assert.Contains("--reuse", string.Join('\n', session.Run("kamal help app exec").Results<string>()), StringComparison.Ordinal);
    }

    [GeneratedRegex("(?<!Kamal\\w+ )(?<![\\w.-])-([A-Z][a-z]+[A-Za-z]*)")]
    private static partial Regex Switch();
}
