using Kamal.Sessions;
using Kamal.Tests.Support;
using All = Kamal.Tests.Support.Cmdlets;

namespace Kamal.Tests.Streams;

/// <summary><c>-Debug</c> shows the debug stream, and nothing asks.</summary>
public sealed class DebugTests : IDisposable
{
    private readonly ListedShop _shop = new();

    public void Dispose() => _shop.Dispose();

    [Fact]
    public void Each_script_is_shown_with_its_steps_and_its_times()
    {
        var run = _shop.Session.Run("Get-KamalContainer -HostName 192.0.2.1 -Debug");
        Assert.Empty(run.Errors);
        Assert.Empty(run.Verbose);
        var line = Assert.Single(run.Debug, text => text.Contains("script '", StringComparison.Ordinal));
        Assert.Matches(
            @"^\[192\.0\.2\.1\] script 'List containers': \d+ of \d+ steps ran, \d+ ms for the round trip, \d+ ms of it in steps"
                + @".*; \d+ ms for the connection, open since \d\d:\d\d:\d\dZ$",
            line);
    }

    [Fact]
    public void A_warning_and_the_error_of_a_host_are_written_without_a_question()
    {
        _shop.Session.Host.Answer = 1;
        KamalSession.For(_shop.Session.Runspace).Connector = TestConnector.Refusing();
        var run = _shop.Session.Run("Get-KamalContainer -Debug -Verbose");
        Assert.NotEmpty(run.Errors);
        Assert.NotEmpty(run.Verbose);
        Assert.DoesNotContain(run.HostLines, line => line.StartsWith("? ", StringComparison.Ordinal));
    }

    [Fact]
    public void No_cmdlet_with_Debug_asks()
    {
        foreach (var type in All.Types)
        {
            var preview = All.AttributeOf(type).SupportsShouldProcess ? "-WhatIf" : "";
            var run = _shop.Session.Run($"{All.Line(type)} {preview} -Debug -ErrorAction Continue");
            Assert.DoesNotContain(run.HostLines, line => line.StartsWith("? ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void The_command_line_passes_Debug_on()
    {
        var run = _shop.Session.Run("kamal app containers -Debug");
        Assert.Empty(run.Errors);
        Assert.Contains(run.Debug, text => text.Contains("script '", StringComparison.Ordinal));
        Assert.DoesNotContain(run.HostLines, line => line.StartsWith("? ", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_Debug_scripts_are_not_timed()
    {
        Assert.Empty(_shop.Session.Run("Get-KamalContainer -Verbose").Debug);
    }
}
