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
}
