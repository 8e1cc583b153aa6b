using Kamal.Engine.Hosts;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

public sealed class AppOperationTests : IDisposable
{
    private readonly OperationFixture _fixture = new OperationFixture().Configure("""
        servers:
          web: [ 1.1.1.1, 1.1.1.2 ]
          workers: { hosts: [ 1.1.1.2 ], cmd: bin/jobs, proxy: false }
        accessories:
          redis: { image: redis:7, host: 1.1.1.3 }
        """);

    [Fact]
    public async Task StopsEveryRoleInOneRoundTripAHost()
    {
        _fixture.Fleet.Answer("Find the running container", "c1");

        var results = await _fixture.RunAsync(AppOperations.Stop());

        Assert.Equal((3, 1), (_fixture.Fleet.RoundTrips("1.1.1.1"), _fixture.Fleet.RoundTrips("1.1.1.2")));
        Assert.Contains("docker exec kamal-proxy kamal-proxy remove app-web", _fixture.Fleet.Ran("1.1.1.2"));
        Assert.DoesNotContain("docker exec kamal-proxy kamal-proxy remove app-workers", _fixture.Fleet.Ran("1.1.1.2"));
        Assert.Equal(
            [("1.1.1.1", "web"), ("1.1.1.2", "web"), ("1.1.1.2", "workers")],
            results.Select(result => (result.HostName, result.Role)));
    }

    [Theory]
    [Trait("Category", "Linux")]
    [InlineData("c1", true)]
    [InlineData("c0", false)]
    public async Task StoppingAVersionEndsTheRoutingOnlyIfItIsTheCurrentOne(string found, bool ends)
    {
        await _fixture.RunAsync(AppOperations.Stop("v0"), hosts: ["1.1.1.1"]);

        var steps = _fixture.Fleet.Scripts.SelectMany(script => script.Script.Steps).ToList();
        var end = steps.Single(step => step.Name == "End the routing to the app");
        using var host = new FolderHost();
        var result = await host.RunAsync(
        [
            new("Current", ShellCommand.Of("echo", "c1")) { CaptureAs = "container" },
            new("Of the version", ShellCommand.Of("echo", found)) { CaptureAs = "asked" },
            new("End", ShellCommand.Of("echo", "ended")) { When = end.When },
        ]);
        Assert.Equal(ends ? StepStatus.Succeeded : StepStatus.Skipped, result.Find("End")!.Status);
        Assert.Contains(steps, step => step.Name == "Stop the app" && step.Command.Text.Contains("asked", StringComparison.Ordinal));
        Assert.Contains(steps, step => step.Command.Text.Contains("name=^app-web-v0$", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RemovesTheImageOfOneVersionOnly()
    {
        await _fixture.RunAsync(AppOperations.RemoveImages("v0"), hosts: ["1.1.1.1"]);

        var ran = _fixture.Fleet.Ran("1.1.1.1");
        Assert.Contains(ran, command => command.Contains("docker image rm ", StringComparison.Ordinal)
            && command.Contains(":v0", StringComparison.Ordinal));
        Assert.DoesNotContain(ran, command => command.Contains("prune", StringComparison.Ordinal));
    }

    [Fact]
    public async Task StartsTheVersionAndRoutesToIt()
    {
        _fixture.Fleet.Answer("Find its container", "c1");

        await _fixture.RunAsync(AppOperations.Start(), hosts: ["1.1.1.1"]);

        var ran = _fixture.Fleet.Ran("1.1.1.1");
        Assert.Contains("docker start app-web-v1 >/dev/null", ran);
        Assert.Contains(
            ran, command => command.Contains("kamal-proxy deploy app-web --target=\"${container}\":80", StringComparison.Ordinal));
        Assert.Contains(ran, command => command.Contains("Started app version v1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AVersionWithoutContainerCannotBeStarted()
    {
        _fixture.Fleet.Fail("1.1.1.2", "Start the app");

        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(AppOperations.Start()));

        Assert.Equal(KamalErrorId.ContainerNotFound, Assert.Single(error.Causes).Id);
    }

    [Fact]
    public async Task RemovesImagesAndDirectoriesOnlyWhereAllRolesAreSelected()
    {
        await _fixture.RunAsync(AppOperations.Remove(), roles: ["web"]);

        Assert.Contains("rm -r .kamal/apps/app", _fixture.Fleet.Ran("1.1.1.1"));
        Assert.DoesNotContain("rm -r .kamal/apps/app", _fixture.Fleet.Ran("1.1.1.2"));
        Assert.DoesNotContain(_fixture.Fleet.Ran("1.1.1.2"), command => command.StartsWith("docker image prune", StringComparison.Ordinal));
    }

    [Fact]
    public async Task MaintenanceQuotesItsMessage()
    {
        await _fixture.RunAsync(AppOperations.Maintenance("it's down"), hosts: ["1.1.1.1"]);

        Assert.Contains(
            "docker exec kamal-proxy kamal-proxy stop app-web --drain-timeout=\"30s\" --message=\"it's down\"",
            _fixture.Fleet.Ran("1.1.1.1"));
    }

    [Fact]
    public async Task RemovesTheContainerOfAVersion()
    {
        await _fixture.RunAsync(AppOperations.RemoveContainer("v7"), hosts: ["1.1.1.1"]);

        Assert.Contains(
            "docker container ls --all --filter 'name=^app-web-v7$' --quiet | xargs docker container rm >/dev/null",
            _fixture.Fleet.Ran("1.1.1.1"));
    }

    [Fact]
    public async Task Prunes_the_build_cache_only_if_asked()
    {
        await _fixture.RunAsync(PruneOperations.Prune(containers: false, images: false, buildCache: true));

        Assert.Contains("Prune the build cache", _fixture.Fleet.Phases);
        Assert.Contains("docker builder prune --force", _fixture.Fleet.Ran("1.1.1.1"));
        Assert.DoesNotContain(_fixture.Fleet.Ran("1.1.1.1"), command => command.Contains("image prune", StringComparison.Ordinal));
    }

    [Fact]
    public async Task PrunesContainersAndImagesInOneRoundTrip()
    {
        var results = await _fixture.RunAsync(PruneOperations.Prune(containers: true, images: true, retain: 2));

        Assert.Equal(1, _fixture.Fleet.RoundTrips("1.1.1.3"));
        Assert.Contains(_fixture.Fleet.Ran("1.1.1.3"), command => command.Contains("++kept[$2] > 2", StringComparison.Ordinal));
        Assert.Equal(3, results.Count);
    }

    [Fact]
    public async Task HasToRetainAContainer()
    {
        var error = await Assert.ThrowsAsync<KamalException>(() =>
            _fixture.RunAsync(PruneOperations.Prune(containers: true, images: false, retain: 0)));

        Assert.Equal(KamalErrorId.ArgumentInvalid, error.Id);
        Assert.Empty(_fixture.Fleet.Scripts);
    }

    [Theory]
    [InlineData("0", true)]
    [InlineData("1", false)]
    public async Task RemovesEverythingButAProxyThatOthersNeed(string apps, bool proxyGoes)
    {
        _fixture.Fleet.Answer("Count the apps on the host", apps);

        await _fixture.RunAsync(ServiceOperations.Remove());

        Assert.Equal(proxyGoes, _fixture.Fleet.Ran("1.1.1.1").Contains("rm -r .kamal/proxy"));
        Assert.Equal(4, _fixture.Fleet.RoundTrips("1.1.1.1"));
        Assert.Contains("rm -rf app-redis", _fixture.Fleet.Ran("1.1.1.3"));
        Assert.Contains("docker logout >/dev/null", _fixture.Fleet.Ran("1.1.1.3"));
    }

    [Fact]
    public async Task UpgradesHostByHost()
    {
        var results = await _fixture.RunAsync(ServiceOperations.Upgrade(rolling: true));

        Assert.Equal(["1.1.1.1", "1.1.1.2", "1.1.1.2"], results.Select(result => result.HostName));
        Assert.All(results, result => Assert.Equal((HostOutcome.Succeeded, "v1"), (result.Outcome, result.Version)));
        Assert.Contains("Boot accessories", _fixture.Fleet.Phases);
    }

    public void Dispose() => _fixture.Dispose();
}
