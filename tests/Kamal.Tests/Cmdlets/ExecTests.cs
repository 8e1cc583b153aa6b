using Kamal.Engine;
using Kamal.Engine.Results;
using Kamal.Tests.Support;

namespace Kamal.Tests.Cmdlets;

/// <summary>Users' own commands, on hosts that are this machine's shell.</summary>
public sealed class ExecTests : IDisposable
{
    private readonly ShellConnector _hosts = new();
    private readonly TestSession _session;

    public ExecTests() => _session = new(_hosts);

    public void Dispose()
    {
        _session.Dispose();
        _hosts.Dispose();
    }

    [Theory]
    [InlineData("Invoke-KamalServerCommand 'exit 7' -Primary")]
    [InlineData("Invoke-KamalAppCommand -Reuse -Primary -Version v1 \"sh -c 'exit 7'\"")]
    [InlineData("Invoke-KamalAccessoryCommand db -Reuse \"sh -c 'exit 7'\"")]
    public void The_exit_code_is_a_property_of_the_result_and_of_the_error(string line)
    {
        var run = _session.Run($"$result = {line}; $result");

        Assert.False(run.Terminated);
        Assert.Equal(7, Assert.Single(run.Results<KamalCommandResult>()).ExitCode);
        var error = Assert.Single(run.Errors);
        Assert.Equal(("RemoteCommandFailed", 7), (run.ErrorId, ((KamalException)error.Exception).ExitCode));
    }

    [Theory]
    [InlineData("Invoke-KamalServerCommand -Primary")]
    [InlineData("Invoke-KamalAppCommand -Reuse -Primary -Version v1")]
    [InlineData("Invoke-KamalAppCommand -Primary -Version v1")]
    [InlineData("Invoke-KamalAccessoryCommand db -Reuse")]
    [InlineData("Invoke-KamalAccessoryCommand db")]
    public void Each_of_several_elements_reaches_the_command_as_it_is(string line)
    {
        var run = _session.Run($$"""{{line}} -Command printf,'<%s>','a b','','$HOME','it''s "x"','*',';'""");
        Assert.Empty(run.Errors);
        Assert.Equal("<a b><><$HOME><it's \"x\"><*><;>", Assert.Single(run.Results<KamalCommandResult>()).Output);
    }

    [Theory]
    [InlineData("Invoke-KamalServerCommand -Primary sh,-c,'exit 7'", 7)]
    [InlineData("Invoke-KamalAppCommand -Primary -Version v1 sh,-c,'exit 7'", 7)]
    [InlineData("Invoke-KamalServerCommand -Primary 'sh -c \"exit 7\" || exit 8'", 8)]
    public void One_element_is_a_line_for_the_shell_and_several_are_not(string line, int exitCode) =>
        Assert.Equal(exitCode, Assert.Single(_session.Run(line).Results<KamalCommandResult>()).ExitCode);

    [Theory]
    [InlineData("kamal server exec -p exit 7", 7)]
    [InlineData("kamal app exec --reuse -p --version v1 false", 1)]
    [InlineData("kamal server exec 'exit 7'", 7)]
    [InlineData("kamal server exec -q 'exit 300'", 44)]
    [InlineData("kamal server exec -p 'exit 0'", 0)]
    [InlineData("kamal server exec -p --raw 'exit 9'", 9)]
    [InlineData("kamal app boot -p --version v1", 1)]
    [InlineData("kamal version", 0)]
    [InlineData("kamal help", 0)]
    [InlineData("kamal nosuch", 1)]
    [InlineData("kamal deploy -ThrottleLimit 0", 1)]
    public void The_command_line_sets_the_exit_code_and_whether_it_succeeded(string line, int exitCode)
    {
        var run = _session.Run($"$global:LASTEXITCODE = 99; {line} 2>&1 >$null; \"$? $global:LASTEXITCODE\"");
        Assert.Equal($"{exitCode == 0} {exitCode}", run.Results<string>().Last());
    }

    [Fact]
    public void The_command_line_joins_words_as_Kamal_does_and_warns_of_it()
    {
        var run = _session.Run("kamal server exec -q -p printf '<%s>' 'a b' 3>&1");
        var warning = Assert.Single(run.Results<System.Management.Automation.WarningRecord>()).Message;
        Assert.StartsWith("The host's shell reads: printf <%s> a b. To pass 'a b' as one argument", warning, StringComparison.Ordinal);
        Assert.Empty(_session.Run("kamal server exec -q -p 'printf \"<%s>\" \"a b\"' 3>&1").Results<System.Management.Automation.WarningRecord>());
    }

    [Fact]
    public void An_empty_word_is_a_word()
    {
        var run = _session.Run("kamal server exec -p printf '<%s>' '' -WhatIf 3>&1");
        Assert.Empty(run.Errors);
        Assert.Contains(run.WhatIf, line => line.Contains("printf <%s> ", StringComparison.Ordinal));
    }
}
