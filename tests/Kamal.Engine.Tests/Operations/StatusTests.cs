using Kamal.Engine.Events;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

public sealed class StatusTests : IDisposable
{
    private const string Web = "aaaaaaaaaaaabbbbbbbb";

    private readonly OperationFixture _fixture = new OperationFixture().Configure("""
        servers:
          web: [ 1.1.1.1, 1.1.1.2 ]
          workers: { hosts: [ 1.1.1.2 ], cmd: bin/jobs }
        """);

    public StatusTests()
    {
        _fixture.Fleet
            .Answer("Find the app's containers", "c")
            .Answer("Read the containers' states", State(Web, "app-web-v2", "web", "running", 3) + "\n"
                + State("cccccccccccc", "app-web-v1", "web", "exited", 0) + "\n"
                + State("dddddddddddd", "app-workers-v2", "workers", "restarting", 9))
            .Answer("List the proxy's services", Services("app-web", "aaaaaaaaaaaa:80", "running"))
            .Answer("Count the proxy's requests", "1767225660\n2025-01-01T00:00:00Z\napp-web\taaaaaaaaaaaa:80\t120\t3\t4000\t9000\t80000\n")
            .Answer("Measure processor and memory", "aaaaaaaaaaaa 1.5% 10MiB / 1GiB\ndddddddddddd 0.1% 1MiB / 1GiB")
            .Fail("1.1.1.1", "Read the deploy lock", exitCode: 3);
    }

    [Fact]
    public async Task It_has_a_row_for_each_role_and_host_in_one_round_trip_a_host()
    {
        var rows = await _fixture.RunAsync(StatusOperations.Status());

        Assert.Equal([("1.1.1.1", "web"), ("1.1.1.2", "web"), ("1.1.1.2", "workers")], rows.Select(row => (row.HostName, row.Role)));
        Assert.All(["1.1.1.1", "1.1.1.2"], host => Assert.Equal(1, _fixture.Fleet.RoundTrips(host)));
        Assert.All(_fixture.Fleet.Scripts, script => Assert.False(script.Script.IsMutating));
        var web = rows[0];
        Assert.Equal(("v2", "app-web-v2", "aaaaaaaaaaaa", "running", 3),
            (web.Version, web.ContainerName, web.ContainerId, web.State, web.Restarts));
        Assert.Equal((TimeSpan.FromMinutes(1), 2.0, 3, TimeSpan.FromMilliseconds(9)),
            (web.Age, web.RequestsPerSecond, web.ServerErrors, web.ResponseTime));
        Assert.Equal((1.5, 10L << 20, 1L << 30), (web.CpuPercent, web.Memory, web.MemoryLimit));
        Assert.Equal((false, false, null), (web.IsLocked, web.InMaintenance, web.Problem));
        Assert.Equal(("v2", 9, null, "exit code 1", 1),
            (rows[2].Version, rows[2].Restarts, rows[2].RequestsPerSecond, rows[2].Problem, rows[2].ExitCode));
        Assert.Null(web.ExitCode);
    }

    [Fact]
    public async Task A_host_that_fails_is_a_row_and_not_an_error()
    {
        _fixture.Fleet
            .Fail("1.1.1.1", "Find the app's containers", error: "Cannot connect to the Docker daemon at unix:///var/run/docker.sock.")
            .Break("1.1.1.2", "Find the app's containers");

        var rows = await _fixture.RunAsync(StatusOperations.Status());

        Assert.Equal(CauseName.DockerNotRunning, rows[0].Cause?.Name);
        Assert.Contains("Docker is not running", rows[0].Error, StringComparison.Ordinal);
        Assert.Equal(["DockerNotRunning", "ConnectionFailed", "ConnectionFailed"], rows.Select(row => row.Problem));
        Assert.Contains("The connection to 1.1.1.2 broke", rows[2].Error, StringComparison.Ordinal);
        Assert.Equal(rows.Take(2).Select(row => row.Error), _fixture.Sink.Events.OfType<MessageEmitted>()
            .Where(message => message.Severity == MessageSeverity.Warning).Select(message => message.Text));
        Assert.Empty(_fixture.Sink.Events.OfType<HostFailed>());
    }

    [Fact]
    public async Task The_lock_and_maintenance_are_seen()
    {
        var taken = await _fixture.RunAsync(LockOperations.Acquire("one"));
        using var locked = new OperationFixture().Configure("servers: [ 1.1.1.1 ]");
        locked.Fleet.Answer("Read the deploy lock", taken.Text).Answer("Find the app's containers", "c")
            .Answer("Read the containers' states", State(Web, "app-web-v2", "web", "running", 0))
            .Answer("List the proxy's services", Services("app-web", "aaaaaaaaaaaa:80", "stopped"));

        var row = Assert.Single(await locked.RunAsync(StatusOperations.Status()));

        Assert.Equal((true, "Ada", true), (row.IsLocked, row.LockedBy, row.InMaintenance));
    }

    [Theory]
    [InlineData("", "", "no container")]
    [InlineData("exited", "", "exit code 1")]
    [InlineData("running", "", "not routed")]
    [InlineData("running", "eeeeeeeeeeee:80", "not routed")]
    [InlineData("running", "app-web-v2:80", null)]
    public async Task It_says_what_is_wrong(string state, string target, string? problem)
    {
        _fixture.Fleet.Answer("Read the containers' states", state.Length > 0 ? State(Web, "app-web-v2", "web", state, 0) : "")
            .Answer("List the proxy's services", Services(target.Length > 0 ? "app-web" : "other", target, "running"));

        Assert.Equal(problem, (await _fixture.RunAsync(StatusOperations.Status(), hosts: ["1.1.1.1"]))[0].Problem);
    }

    [Fact]
    public async Task A_proxy_that_does_not_answer_is_a_problem_of_its_roles_only()
    {
        _fixture.Fleet.Fail("1.1.1.2", "List the proxy's services").Fail("1.1.1.2", "Read the deploy lock");

        var rows = await _fixture.RunAsync(StatusOperations.Status(), hosts: ["1.1.1.2"]);

        Assert.Equal("proxy down", rows[0].Problem);
        Assert.All(rows, row => Assert.Null(row.IsLocked));
        Assert.Equal("exit code 1", rows[1].Problem);
    }

    [Fact]
    public async Task Watching_asks_again_until_it_is_stopped()
    {
        using var stop = new CancellationTokenSource();
        var context = await _fixture.ContextAsync(_fixture.Fleet, ["1.1.1.1"]);
        var sink = new StoppingSink(rounds: 3, stop);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            StatusOperations.Status(TimeSpan.FromTicks(1)).RunAsync(context, sink, stop.Token));

        Assert.Equal(3, _fixture.Fleet.RoundTrips("1.1.1.1"));
        Assert.Equal(3, sink.Results);
    }

    [Fact]
    public async Task Watching_does_not_wait_for_a_host_that_is_silent()
    {
        using var stop = new CancellationTokenSource();
        _fixture.Clock = new QuickClock();
        var rounds = new Dictionary<string, int>();
        var fleet = new InterceptingFleet(_fixture.Fleet, script => script)
        {
            Before = (host, cancellation) =>
            {
                rounds[host] = rounds.GetValueOrDefault(host) + 1;
                return host == "1.1.1.2" && rounds[host] == 2 ? Task.Delay(Timeout.Infinite, cancellation) : Task.CompletedTask;
            },
        };
        var sink = new StoppingSink(rounds: 4, stop);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await StatusOperations.Status(TimeSpan.FromTicks(1)).RunAsync(await _fixture.ContextAsync(fleet), sink, stop.Token));

        Assert.Equal((4, 2), (rounds["1.1.1.1"], rounds["1.1.1.2"]));
        // Its row has what it said last, and how long ago that was.
        Assert.Equal(
            [null, null, "exit code 1", null, "no answer", "no answer"], sink.Rows.Take(6).Select(row => row.Problem?.Split(" for ")[0]));
        Assert.All(sink.Rows.Skip(4).Take(2), row => Assert.Null(row.State ?? row.Health));
        Assert.Equal((sink.Rows[1].Version, sink.Rows[1].ObservedAt), (sink.Rows[4].Version, sink.Rows[4].ObservedAt));
        Assert.Equal(12, sink.Results);
    }

    public void Dispose() => _fixture.Dispose();

    private static string State(string id, string name, string role, string status, int restarts) =>
        $"{{\"id\":\"{id}\",\"name\":\"/{name}\",\"role\":\"{role}\",\"created\":\"2026-01-01T00:00:00Z\",\"status\":\"{status}\","
        + $"\"health\":null,\"restarts\":{restarts},\"exit\":{(status == "running" ? 0 : 1)}}}";

    private static string Services(string service, string target, string state) =>
        $"{"Service",-12}{"Host",-6}{"Path",-6}{"Target",-20}{"State",-9}TLS\n{service,-12}{"*",-6}{"/",-6}{target,-20}{state,-9}no";

    /// <summary>Stops the run after some rounds.</summary>
    private sealed class StoppingSink(int rounds, CancellationTokenSource stop) : IRunSink
    {
        private int _rounds;

        public List<KamalStatus> Rows { get; } = [];

        public int Results => Rows.Count;

        public void Emit(RunEvent runEvent)
        {
            if (runEvent is ResultProduced { Result: KamalStatus status }) Rows.Add(status);
            if (runEvent is RoundCompleted && ++_rounds == rounds) stop.Cancel();
        }
    }
}
