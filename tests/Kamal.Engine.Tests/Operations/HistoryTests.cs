using Kamal.Engine.Commands;
using Kamal.Engine.Events;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

/// <summary>What the hosts know of deploys, from writing to reading.</summary>
public sealed class HistoryTests : IDisposable
{
    private const string Run = "20260102T030405Z-0a1b2c3d/";
    private const string Begin = "Begin the entry in the history";
    private const string End = "End the entry in the history";

    private readonly OperationFixture _fixture = new OperationFixture().Configure("servers: [ 1.1.1.1, 1.1.1.2 ]\n");

    private static DeployOptions SkipPush => new() { SkipPush = true };

    [Fact]
    public async Task A_deploy_is_noted_in_the_round_trips_that_it_needs_anyway()
    {
        _fixture.Fleet.Answer("Start the new container", "c2");

        await _fixture.RunAsync(DeployOperations.Deploy(SkipPush));

        Assert.Equal(5, _fixture.Fleet.RoundTrips("1.1.1.1"));
        foreach (var host in new[] { "1.1.1.1", "1.1.1.2" })
        {
            var notes = _fixture.Fleet.Ran(host).Where(command => command.Contains("-history/2", StringComparison.Ordinal)).ToList();
            Assert.Equal(4, notes.Count);
            Assert.Contains("\"operation\":\"deploy\",\"version\":\"v1\"", notes[0], StringComparison.Ordinal);
            Assert.Contains("\"event\":\"started\"", notes[1], StringComparison.Ordinal);
            Assert.Contains("\"event\":\"served\"", notes[2], StringComparison.Ordinal);
            Assert.Contains("\"end\":\"succeeded\"", notes[3], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_last_line_says_what_ran_before()
    {
        _fixture.Fleet.Answer("Start the new container", "c2")
            .Answer("Find the running version", "4f926d9a0b1c2d3e4f5061728394a5b6c7d8e9f0");

        await _fixture.RunAsync(DeployOperations.Deploy(SkipPush));

        var last = _fixture.Sink.Events.OfType<DeployCompleted>().Single();
        Assert.Matches(@"^\S+ v1 on 2 hosts in \d+\.\d s; before: 4f926d9$", last.Text);
        Assert.Same(last, _fixture.Sink.Events[^1]);
    }

    [Fact]
    public async Task A_deploy_that_fails_is_noted_on_all_its_hosts()
    {
        _fixture.Fleet.Answer("Start the new container", "c2").Fail("1.1.1.2", "Route to the new container once it is healthy");

        await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(DeployOperations.Deploy(SkipPush)));

        Assert.Contains("\"end\":\"failed\"", _fixture.Fleet.Ran("1.1.1.1")[^1], StringComparison.Ordinal);
        Assert.Contains("\"end\":\"failed\"", _fixture.Fleet.Ran("1.1.1.2")[^1], StringComparison.Ordinal);
        Assert.Contains(_fixture.Fleet.Ran("1.1.1.2"), command => command.Contains("\"event\":\"failed\"", StringComparison.Ordinal));
        Assert.DoesNotContain(_fixture.Fleet.Ran("1.1.1.2"), command => command.Contains("\"event\":\"served\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_deploy_that_is_stopped_is_noted()
    {
        _fixture.Fleet.Answer("Start the new container", "c2").Stop("1.1.1.1", "Route to the new container once it is healthy");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _fixture.RunAsync(DeployOperations.Deploy(SkipPush)));

        Assert.Contains(_fixture.Fleet.Ran("1.1.1.1"), command => command.Contains("\"event\":\"interrupted\"", StringComparison.Ordinal));
        Assert.Contains("\"end\":\"interrupted\"", _fixture.Fleet.Ran("1.1.1.1")[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Begin)]
    [InlineData("Note the new container in the history")]
    [InlineData("Note in the history that it serves")]
    [InlineData(End)]
    public async Task A_host_that_cannot_record_is_still_deployed_to(string step)
    {
        _fixture.Fleet.Answer("Start the new container", "c2").Fail("1.1.1.1", step);

        var results = await _fixture.RunAsync(DeployOperations.Deploy(SkipPush));

        Assert.All(results, result => Assert.Equal(HostOutcome.Succeeded, result.Outcome));
    }

    [Fact]
    public async Task No_secret_is_noted()
    {
        var context = await _fixture.ContextAsync(_fixture.Fleet) with
        {
            Redact = text => text.Replace("ada", "[REDACTED]", StringComparison.Ordinal),
        };

        await DeployOperations.Deploy(SkipPush).RunAsync(context, _fixture.Sink, TestContext.Current.CancellationToken);

        var begin = _fixture.Fleet.Scripts.SelectMany(script => script.Script.Steps).First(step => step.Name == Begin).Command.Text;
        Assert.Contains("[REDACTED]@example.com", begin, StringComparison.Ordinal);
        Assert.DoesNotContain("ada", begin, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"end":"succeeded","seconds":"2.5"}""", "", KamalDeploymentOutcome.Unfinished)]
    [InlineData("""{"end":"succeeded","seconds":"2.5"}""", """{"end":"succeeded","seconds":"2.6"}""", KamalDeploymentOutcome.Succeeded)]
    [InlineData("""{"end":"succeeded","seconds":"2.5"}""", """{"end":"failed","seconds":"2.6"}""", KamalDeploymentOutcome.Failed)]
    [InlineData("""{"end":"interrupted","seconds":"2.5"}""", "", KamalDeploymentOutcome.Interrupted)]
    [InlineData("", "", KamalDeploymentOutcome.Unfinished)]
    public async Task A_run_is_one_deploy_over_all_hosts(string first, string second, KamalDeploymentOutcome outcome)
    {
        const string facts = Run + """{"operation":"deploy","version":"v2"}""" + "\n" + Run + """{"performer":"ada@example.com"}""" + "\n"
            + Run + """{"from":"laptop"}""" + "\n";
        _fixture.Fleet
            .Answer("Read the history",
                facts + Run + """{"role":"web","event":"started","container":"c0ffee","before":"v1","at":100}""" + "\n"
                + Run + """{"role":"web","event":"served","container":"c0ffee","at":107}""" + "\n" + Run + first, "1.1.1.1")
            .Answer("Read the history", facts + Run + second, "1.1.1.2");

        var deployment = Assert.Single(await _fixture.RunAsync(HistoryOperations.Get()));

        Assert.Equal(("deploy", "v2", "v1", outcome, "ada@example.com", "laptop"),
            (deployment.Operation, deployment.Version, deployment.PreviousVersion, deployment.Outcome, deployment.Performer,
                deployment.From));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), deployment.StartedAt);
        Assert.Equal(
        [
            new("1.1.1.1", "web", KamalDeploymentOutcome.Succeeded)
            {
                PreviousVersion = "v1", ContainerId = "c0ffee", Duration = TimeSpan.FromSeconds(7),
            },
            new KamalDeploymentHost("1.1.1.2", null, KamalDeploymentOutcome.NotBegun),
        ],
        deployment.Hosts);
    }

    [Fact]
    public async Task Deploys_of_Kamal_are_in_it_once()
    {
        const string line = "[2026-01-02T03:04:09Z] [ada@example.com] [web] Booted app version v2";
        _fixture.Fleet.Answer("Read the history", Run + """{"operation":"deploy","version":"v2"}""")
            .Answer("Read Kamal's boots",
                $"[2026-01-01T00:00:00Z] [bob] [web] Booted app version v1\n{line}\n[not a line\n[2026-01-03T00:00:00Z] [x] Pulled v1");

        var deployments = await _fixture.RunAsync(HistoryOperations.Get());

        Assert.Equal(
            [("deploy", "v2", "", KamalDeploymentOutcome.Unfinished), ("kamal", "v1", "bob", KamalDeploymentOutcome.Unknown)],
            deployments.Select(one => (one.Operation, one.Version, one.Performer ?? "", one.Outcome)));
        Assert.Equal(["1.1.1.1", "1.1.1.2"], deployments[1].Hosts.Select(host => host.HostName));
    }

    [Fact]
    public async Task No_more_are_read_than_are_asked_for()
    {
        var facts = Enumerable.Range(1, 9).Select(day =>
            $$"""2026010{{day}}T030405Z-0a1b2c3d/{"operation":"deploy","version":"v{{day}}"}""");
        _fixture.Fleet.Answer("Read the history", string.Join('\n', facts));

        Assert.Equal(["v9", "v8"], (await _fixture.RunAsync(HistoryOperations.Get(2))).Select(one => one.Version));
        Assert.Contains(HistoryCommands.Read(await _fixture.LoadAsync(), 2).Text, _fixture.Fleet.Ran("1.1.1.1"));
    }

    public void Dispose() => _fixture.Dispose();
}
