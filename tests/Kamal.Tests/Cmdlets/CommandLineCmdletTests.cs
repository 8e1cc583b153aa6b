using Kamal.Tests.Support;

namespace Kamal.Tests.Cmdlets;

/// <summary>Kamal's own command line inside a session: <c>kamal deploy -P -d staging</c>.</summary>
public sealed class CommandLineCmdletTests
{
    [Fact]
    public void Options_of_one_letter_are_left_to_Kamal()
    {
        using var session = new TestSession();
        var run = session.Run("kamal deploy -P -p -H --version=v1.10 -WhatIf");
        Assert.Empty(run.Errors);
        Assert.Empty(session.Asked);
        Assert.Contains(run.WhatIf, line => line.Contains("docker pull registry.example.com/acme/shop:v1.10", StringComparison.Ordinal));
        Assert.DoesNotContain(run.WhatIf, line => line.Contains("[192.0.2.2]", StringComparison.Ordinal));
    }

    [Fact]
    public void Lists_numbers_and_variables_arrive_as_they_were_written()
    {
        using var session = new TestSession();
        var run = session.Run("$v = 'v7'; Invoke-Kamal app boot -h 192.0.2.1,192.0.2.2 --version $v -WhatIf");
        Assert.Empty(run.Errors);
        Assert.Contains(run.WhatIf, line => line.Contains("[192.0.2.2]", StringComparison.Ordinal) && line.Contains("shop-web-v7", StringComparison.Ordinal));
    }

    [Fact]
    public void An_alias_of_the_configuration_is_a_command()
    {
        using var session = new TestSession();
        var run = session.Run("kamal st");
        Assert.Equal(["192.0.2.3"], session.Asked.Distinct());
        Assert.NotEmpty(run.Errors);
    }

    [Fact]
    public void What_it_does_not_know_is_an_error()
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
    public void Text_is_what_Kamals_users_expect(string line, string expected)
    {
        using var session = new TestSession();
        Assert.Equal(expected, session.Run(line).Results<string>().First());
    }

    [Fact]
    public void Help_lists_commands_and_options()
    {
        using var session = new TestSession();
        Assert.Contains("kamal app exec", string.Join('\n', session.Run("kamal help").Results<string>()), StringComparison.Ordinal);
        Assert.Contains("--reuse", string.Join('\n', session.Run("kamal help app exec").Results<string>()), StringComparison.Ordinal);
    }
}
