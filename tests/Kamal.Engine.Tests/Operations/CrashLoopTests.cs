using Kamal.Engine.Commands;
using Kamal.Engine.Hosts;
using Kamal.Engine.Operations;
using Kamal.Engine.Tests.Configuration;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

/// <summary>Waiting for the proxy, on a real shell with a docker that only says what a test needs.</summary>
[Trait("Category", "Linux")]
public sealed class CrashLoopTests : IDisposable
{
    private readonly FolderHost _host = new();

    [Fact]
    public async Task A_container_that_was_restarted_three_times_is_not_waited_for()
    {
        // As Docker's client, which ends with 0 when a signal cancels it.
        var routed = await RouteAsync("""[ "$1" != inspect ] || { echo 3; exit; }; trap 'exit 0' TERM; while :; do sleep 0.1; done""");

        Assert.Equal(StepStatus.Failed, routed.Status);
        Assert.Equal("Error: target failed to become healthy: docker restarted it three times", routed.ErrorOutput);
    }

    [Fact]
    public async Task A_failure_of_the_proxy_keeps_its_message_and_exit_code()
    {
        var routed = await RouteAsync("""[ "$1" != inspect ] || exec sleep 600; echo 'Error: something' >&2; exit 5""");

        Assert.Equal((StepStatus.Failed, 5, "Error: something"), (routed.Status, routed.ExitCode, routed.ErrorOutput));
    }

    [Theory]
    [InlineData("echo 2")]
    [InlineData("echo 'Error: No such object' >&2; exit 1")]
    public async Task A_container_that_becomes_healthy_is_waited_for(string inspect)
    {
        var routed = await RouteAsync($$"""[ "$1" != inspect ] || { touch "$HOST/looked"; {{inspect}}; exit; }; """
            + """while [ ! -e "$HOST/looked" ]; do sleep 0.1; done""");

        Assert.Equal((StepStatus.Succeeded, "yes"), (routed.Status, routed.Output));
    }

    public void Dispose() => _host.Dispose();

    private async Task<StepResult> RouteAsync(string docker)
    {
        _host.Program("docker", docker);
        var configuration = await ConfigurationFixture.LoadWithAsync("");
        var audit = new AuditCommands(configuration, "me", DateTimeOffset.UnixEpoch, text => text);
        var script = new BootScript(
            configuration, configuration.Roles[0], audit, new(configuration, "run"), null, StepInput.Of("", "nothing"),
            length => new('0', length));
        var route = script.For("1.1.1.1").Single(step => step.CaptureAs == BootCleanUp.Switched && step.Run == StepRun.Normally);
        await using var pool = new HostConnectionPool(_host.Connector());
        var results = await Fleets.Over(pool, new RecordingSink())
            .RunAsync("Boot", ["1.1.1.1"], _ => new HostScript("Boot", [route]), TestContext.Current.CancellationToken);
        return results[0].Steps[0];
    }
}
