using Kamal.Engine.Commands;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

public sealed class ProxyOperationTests : IDisposable
{
    private readonly OperationFixture _fixture = new OperationFixture().Configure("""
        servers:
          web: [ 1.1.1.1, 1.1.1.2 ]
          workers: { hosts: [ 1.1.1.3 ], cmd: bin/jobs }
        """);

    [Fact]
    public async Task BootsInOneRoundTripAHost()
    {
        var results = await _fixture.RunAsync(ProxyOperations.Boot());

        Assert.Equal(
            (3, 1, 1),
            (_fixture.Fleet.RoundTrips("1.1.1.1"), _fixture.Fleet.RoundTrips("1.1.1.2"), _fixture.Fleet.RoundTrips("1.1.1.3")));
        Assert.Equal(["docker network inspect kamal >/dev/null 2>/dev/null || docker network create kamal"], _fixture.Fleet.Ran("1.1.1.3"));
        Assert.Equal(["1.1.1.1", "1.1.1.2"], results.Select(result => result.HostName));
    }

    [Fact]
    public async Task RebootsHostAfterHostIfRolling()
    {
        await _fixture.RunAsync(ProxyOperations.Reboot(rolling: true));

        var reboots = _fixture.Fleet.Scripts.Where(script => script.Phase == "Reboot the proxy").ToList();
        Assert.Equal(["1.1.1.1", "1.1.1.2"], reboots.Select(script => script.HostName));
        Assert.Equal(
            [
                "Record the reboot", "Log in to the registry", "Make the proxy's directory", "Stop the proxy",
                "Remove the proxy's container", "Start a new proxy", "Start the proxy again", "See who uses the proxy's ports"],
            reboots[0].Script.Steps.Select(step => step.Name));
    }

    [Fact]
    public async Task RefusesToRemoveWhatOtherAppsNeed()
    {
        _fixture.Fleet.Answer("Count the apps on the host", "0").Answer("Count the apps on the host", "2", "1.1.1.2");

        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(ProxyOperations.Remove(force: false)));

        Assert.Equal(KamalErrorId.ProxyInUse, error.Id);
        Assert.Equal("The proxy was not removed, as other apps are installed on 1.1.1.2.", error.Message);
        Assert.DoesNotContain("Remove the proxy", _fixture.Fleet.Phases);
    }

    [Theory]
    [InlineData(true, "2")]
    [InlineData(false, "0")]
    public async Task RemovesWithForceOrWhereNobodyNeedsIt(bool force, string apps)
    {
        _fixture.Fleet.Answer("Count the apps on the host", apps);

        var results = await _fixture.RunAsync(ProxyOperations.Remove(force));

        Assert.All(results, result => Assert.Equal(HostOutcome.Succeeded, result.Outcome));
        Assert.Equal("rm -r .kamal/proxy", _fixture.Fleet.Ran("1.1.1.2")[^1]);
    }

    [Fact]
    public async Task TellsWhatItRoutes()
    {
        _fixture.Fleet
            .Answer("List the proxy's container", """{"id":"2","name":"kamal-proxy","image":"basecamp/kamal-proxy:v0.9.2","state":"running","status":"Up"}""")
            .Answer(
                "List the proxy's services",
                "Service  Host  Path  Target      State    TLS  \napp-web  *     /     abc:80  running  no   \n");

        var proxies = await _fixture.RunAsync(ProxyOperations.Details());

        Assert.Equal(2, proxies.Count);
        Assert.Equal(
            (KamalContainerState.Running, "v0.9.2", "app-web"),
            (proxies[0].State, proxies[0].Version, proxies[0].Services[0].Service));
        Assert.Equal(1, _fixture.Fleet.RoundTrips("1.1.1.1"));
    }

    [Fact]
    public async Task WritesOnlyWhatDiffersFromTheDefault()
    {
        await _fixture.RunAsync(ProxyBootConfigOperations.Set(new ProxyBootOptions { HttpPort = 8080, Debug = true }), hosts: ["1.1.1.1"]);

        var steps = Assert.Single(_fixture.Fleet.Scripts).Script.Steps;
        Assert.Equal(
            "--publish 8080:80 --publish 443:443 --log-opt max-size=10m",
            System.Text.Encoding.UTF8.GetString(steps[0].Input!.Content.Span));
        Assert.Contains("chmod 0640", steps[0].Command.Text, StringComparison.Ordinal);
        Assert.Equal("rm -f .kamal/proxy/image", steps[1].Command.Text);
        Assert.Equal("rm -f .kamal/proxy/image_version", steps[2].Command.Text);
        Assert.Equal("kamal-proxy run --debug", System.Text.Encoding.UTF8.GetString(steps[3].Input!.Content.Span));
    }

    [Fact]
    public void TheFilesHoldWordsForXargsNotForTheShell()
    {
        var options = new ProxyBootOptions { PublishHostIps = ["::1"], MetricsPort = 9090, DockerOptions = ["label=a=b"] };

        Assert.Equal("--publish [::1]:80:80 --publish [::1]:443:443 --log-opt max-size=10m --expose=9090 --label=a=b", options.OptionsText);
        Assert.Equal("kamal-proxy run --metrics-port \"9090\"", options.RunCommandText);
    }

    [Fact]
    public async Task ResetRemovesEveryFile()
    {
        await _fixture.RunAsync(ProxyBootConfigOperations.Reset(), hosts: ["1.1.1.1"]);

        Assert.Equal(
            ["options", "image", "image_version", "run_command"],
            _fixture.Fleet.Ran("1.1.1.1").Select(command => command.Replace("rm -f .kamal/proxy/", "", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task AnUpgradeGoesHostByHostThroughClearingBootingAndPruning()
    {
        await _fixture.RunAsync(ProxyOperations.Upgrade(rolling: true), roles: ["web"]);

        Assert.Equal(
            ["1.1.1.1", "1.1.1.1", "1.1.1.1", "1.1.1.1", "1.1.1.2", "1.1.1.2", "1.1.1.2", "1.1.1.1"],
            _fixture.Fleet.Scripts.Select(script => script.HostName));
        Assert.Contains(
            _fixture.Fleet.Ran("1.1.1.2"),
            command => command.StartsWith("docker container stop traefik ;", StringComparison.Ordinal));
    }

    [Trait("Category", "Linux")]
    [Theory]
    [InlineData("v0", "v0")]
    [InlineData("latest", RecordingRunner.Revision)]
    [InlineData("", RecordingRunner.Revision)]
    public async Task HooksOfAnUpgradeHearOfTheVersionThatIsDeployed(string running, string expected)
    {
        using var fixture = new OperationFixture(version: null).Configure("servers: [ 1.1.1.1, 1.1.1.2 ]")
            .Write(".kamal/hooks/pre-proxy-reboot", "").Write(".kamal/hooks/post-proxy-reboot", "");
        fixture.Fleet.Answer("Find the running version", running).Answer("Find the new container", "c1");

        await fixture.RunAsync(ServiceOperations.Upgrade(rolling: true));

        var hooks = fixture.Local.Commands.Where(command => command.FileName.EndsWith("-proxy-reboot", StringComparison.Ordinal)).ToList();
        Assert.Equal(4, hooks.Count);
        Assert.All(hooks, hook => Assert.Equal(expected, hook.Environment["KAMAL_VERSION"]!.Reveal()));
        Assert.All(
            hooks,
            hook => Assert.Equal(
                $"app@{(expected.Length > 7 ? expected[..7] : expected)}", hook.Environment["KAMAL_SERVICE_VERSION"]!.Reveal()));
    }

    public void Dispose() => _fixture.Dispose();
}
