namespace Kamal.Lab.Tests;

/// <summary>The new version is watched after the switch, and the host goes back if it is not well.</summary>
[Chapter("Watching a new version", 2)]
public sealed class WatchScenarios(LabFixture lab) : IClassFixture<LabFixture>
{
    private const string Deploy = "kamal deploy -P --version v2 --watch ";

    [Fact, Promise("A new version answers a tenth of requests with 500, watched", "The old one takes over again; the error compares both.")]
    public Task Errors_after_the_switch() => lab.CheckAsync(new()
    {
        App = App.Running("v1") with { Change = "env: { clear: { ERRORS: 10 } }\n" },
        Command = Deploy + "30s",
        Requests = Requests.WentBack("v1", "v2") with { AppFailure = "500" },
        Containers = "shop-web-v1 running, shop-web-v2 exited",
        Output = Output.Fails(
            "10.211.0.11 (web): shop-web-v2 answers ", "of its requests with a server error (5xx); the limit is 1%.", "v2: ", "v1: 0 of ",
            "On 10.211.0.11 (web) it was switched back; shop-web-v1 goes on serving there.").As("ContainerUnhealthy"),
    });

    [Fact]
    [Promise("A new worker leaks memory until it is killed, watched", "The host's roles go back to the old version; no request is lost.")]
    public Task A_leak_after_the_switch() => lab.CheckAsync(new()
    {
        App = App.Running("v1") with
        {
            Configuration = "readiness_delay: 2\n",
            Worker = "cmd: sh -c 'trap \"exit 0\" TERM; while :; do sleep 1; done'",
            WorkerChange = "cmd: sh -c 'sleep 6; tail /dev/zero', options: { memory: 24m, memory-swap: 24m }",
        },
        Command = Deploy + "60s",
        Requests = Requests.WentBack("v1", "v2"),
        Containers = "shop-web-v1 running, shop-web-v2 exited, shop-worker-v1 running, shop-worker-v2 exited",
        Output = Output.Fails("10.211.0.11 (worker): ", "ran out", "shop-worker-v1 goes on running there").As("ContainerUnhealthy"),
    });

    [Fact, Promise("A new version that works, watched", "It is accepted when the time is over; only then is the old container stopped.")]
    public Task A_healthy_version() => lab.CheckAsync(new()
    {
        App = App.Running("v1"),
        Command = Deploy + "3s",
        Requests = Requests.Switched("v1", "v2"),
        Containers = "shop-web-v1 exited, shop-web-v2 running",
    });
}
