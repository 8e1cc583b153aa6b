using Kamal.Engine;
using Kamal.Engine.Results;
using Kamal.Tests.Support;

namespace Kamal.Tests.Cmdlets;

/// <summary>Users' commands, on hosts that are shells of this machine.</summary>
[Trait("Category", "Linux")]
public sealed class ExecTests : IDisposable
{
    /// <summary>Runs the command of <c>docker exec</c> and <c>docker run</c>, and does nothing else.</summary>
    private const string Docker = """
        case $1 in exec|run) ;; *) exit 0 ;; esac
        verb=$1; shift
        while :; do case $1 in -i|-it|--rm|--detach) shift ;; --env) export "$2"; shift 2 ;; --*) shift 2 ;; *) break ;; esac; done
        shift
        exec "$@"
        """;

    private readonly FolderHost _host = new FolderHost().Program("docker", Docker);
    private readonly TestSession _session;

    public ExecTests() => _session = new(_host.Connector());

    public void Dispose()
    {
        _session.Dispose();
        _host.Dispose();
    }

    [Theory]
    [InlineData("Invoke-KamalServerCommand 'exit 7' -Primary")]
    [InlineData("Invoke-KamalAppCommand -Reuse -Primary -Version v1 \"sh -c 'exit 7'\"")]
    [InlineData("Invoke-KamalAccessoryCommand db -Reuse \"sh -c 'exit 7'\"")]
    public void The_result_and_the_error_have_the_exit_code(string line)
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
    public void Several_elements_are_separate_arguments(string line)
    {
        var run = _session.Run($$"""{{line}} -Command printf,'<%s>','a b','','$HOME','it''s "x"','*',';'""");
        Assert.Empty(run.Errors);
        Assert.Equal("<a b><><$HOME><it's \"x\"><*><;>", Assert.Single(run.Results<KamalCommandResult>()).Output);
    }

    [Theory]
    [InlineData("Invoke-KamalServerCommand -Primary sh,-c,'exit 7'", 7)]
    [InlineData("Invoke-KamalAppCommand -Primary -Version v1 sh,-c,'exit 7'", 7)]
    [InlineData("Invoke-KamalServerCommand -Primary 'sh -c \"exit 7\" || exit 8'", 8)]
    public void A_single_element_is_a_command_line_for_the_shell(string line, int exitCode) =>
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
    public void The_command_line_sets_LASTEXITCODE_and_success(string line, int exitCode)
    {
        var run = _session.Run($"$global:LASTEXITCODE = 99; {line} 2>&1 >$null; \"$? $global:LASTEXITCODE\"");
        Assert.Equal($"{exitCode == 0} {exitCode}", run.Results<string>().Last());
    }

    [Fact]
    public void The_command_line_joins_words_as_Kamal_does_with_a_warning()
    {
        var run = _session.Run("kamal server exec -q -p printf '<%s>' 'a b' 3>&1");
        var warning = Assert.Single(run.Results<System.Management.Automation.WarningRecord>()).Message;
        Assert.StartsWith("The host's shell reads: printf <%s> a b. To pass 'a b' as one argument", warning, StringComparison.Ordinal);
        Assert.Empty(_session.Run("kamal server exec -q -p 'printf \"<%s>\" \"a b\"' 3>&1")
            .Results<System.Management.Automation.WarningRecord>());
    }

    [Fact]
    public void An_empty_word_is_a_word()
    {
        var run = _session.Run("kamal server exec -p -WhatIf -Verbose printf '<%s>' '' 3>&1");
        Assert.Empty(run.Errors);
        Assert.Contains(run.Previewed, line => line.Contains("printf <%s> ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("'one','two' | Invoke-KamalServerCommand cat -Interactive", "one\ntwo")]
    [InlineData("'one','two' | Invoke-KamalAppCommand cat -Interactive -Reuse -Version v1", "one\ntwo")]
    [InlineData("'one','two' | Invoke-KamalAccessoryCommand db cat -Interactive -Reuse", "one\ntwo")]
    [InlineData("1,2 | Invoke-KamalServerCommand cat -Interactive", "1\n2")]
    [InlineData("'grün' | Invoke-KamalServerCommand cat -Interactive", "grün")]
    [InlineData("[byte[]](97,98),[byte]99 | Invoke-KamalServerCommand cat -Interactive", "abc")]
    [InlineData("@() | Invoke-KamalServerCommand 'cat; echo end' -Interactive", "end")]
    [InlineData("Invoke-KamalServerCommand 'cat; echo end' -Interactive", "end")]
    public void Pipeline_input_is_standard_input_and_the_output_is_an_object(string line, string expected)
    {
        var run = _session.Run(line);

        Assert.Empty(run.Errors);
        Assert.Equal(expected, Assert.Single(run.Results<KamalCommandResult>()).Output);
    }

    [Theory]
    [InlineData("'one','two' | kamal server exec -i cat", "one|two")]
    [InlineData("'one','two' | Invoke-KamalCommandLine -ArgumentList server,exec,'-i',cat", "one|two")]
    [InlineData("$lines = kamal server exec -i \"printf 'one\\ntwo'\"; $lines", "one|two")]
    [InlineData("kamal server exec -i 'echo one; echo; echo two' | ForEach-Object { \"<$_>\" }", "<one>|<>|<two>")]
    public void The_command_line_writes_only_the_lines_of_the_command(string line, string expected)
    {
        var run = _session.Run(line);

        Assert.Empty(run.Errors);
        Assert.Equal(expected, string.Join('|', run.Results<string>()));
        Assert.Equal(run.Output.Count, run.Results<string>().Count());
    }

    [Fact]
    public void Bytes_pass_through_unchanged()
    {
        var run = _session.Run("""
            $bytes = [byte[]](0..255) * 1000
            $back = , $bytes | Invoke-KamalServerCommand cat -Interactive -Raw
            $back.Length; [Convert]::ToBase64String($back) -ceq [Convert]::ToBase64String($bytes)
            """);

        Assert.Empty(run.Errors);
        Assert.Equal([256_000, true], run.Output.Select(item => item.BaseObject));
    }

    [Theory]
    [InlineData("Invoke-KamalServerCommand 'echo some; exit 7' -Interactive")]
    [InlineData("Invoke-KamalServerCommand 'echo some; exit 7' -Interactive -Raw")]
    public void A_failed_interactive_command_keeps_its_output_and_exit_code(string line)
    {
        var run = _session.Run($"$result = {line}; $result");

        Assert.False(run.Terminated);
        Assert.NotEmpty(run.Output);
        Assert.Equal(7, ((KamalException)Assert.Single(run.Errors).Exception).ExitCode);
    }

    [Fact]
    public void Input_for_a_command_that_is_not_interactive_is_refused()
    {
        var run = _session.Run("'one' | Invoke-KamalServerCommand cat");

        Assert.Equal("ArgumentInvalid", run.ErrorId);
        Assert.Contains("-Interactive", run.Errors[0].ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public void Hosts_from_the_pipeline_are_not_input()
    {
        var run = _session.Run("[pscustomobject]@{ HostName = '192.0.2.2' } | Invoke-KamalServerCommand 'cat; echo end' -Interactive");

        Assert.Equal(("192.0.2.2", "end"), run.Results<KamalCommandResult>().Select(result => (result.HostName, result.Output)).Single());
    }
}
