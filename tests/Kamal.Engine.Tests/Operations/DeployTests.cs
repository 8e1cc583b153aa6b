using Kamal.Engine.Commands;
using Kamal.Engine.Events;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

public sealed class DeployTests : IDisposable
{
    private static readonly DeployOptions SkipPush = new() { SkipPush = true };

    private readonly OperationFixture _fixture = new OperationFixture().Configure("""
        servers: [ 1.1.1.1, 1.1.1.2 ]
        """);

    [Fact]
    public async Task ADeployCostsFiveRoundTripsOnThePrimaryHost()
    {
        Running("v0");

        await _fixture.RunAsync(DeployOperations.Deploy(SkipPush));

        Assert.Equal(5, _fixture.Fleet.RoundTrips("1.1.1.1"));
        Assert.Equal(4, _fixture.Fleet.RoundTrips("1.1.1.2"));
        Assert.Equal(
            ["Pull the image", "Prepare the hosts", "Boot web", "Tag the version as latest and prune", "Release the deploy lock"],
            _fixture.Fleet.Phases);
    }

    [Theory]
    [InlineData("", 2)]
    [InlineData("server: docker.io", 2)]
    [InlineData("server: registry.example.com", 0)]
    public async Task OnlyImagesOfDockerHubWaitForAMirrorToBeFilled(string server, int further)
    {
        using var fixture = new OperationFixture()
            .Configure($"servers: [ 1.1.1.1, 1.1.1.2 ]\nregistry:\n  username: user\n  password: pw\n  {server}\n");
        fixture.Fleet.Answer("Find the running version", "v0").Answer("Start the new container", "c1")
            .Answer("Look for a registry mirror", "https://mirror.example.com/");

        await fixture.RunAsync(DeployOperations.Deploy(SkipPush));

        var trips = fixture.Fleet.RoundTrips("1.1.1.1") + fixture.Fleet.RoundTrips("1.1.1.2");
        Assert.Equal(5 + 4 + further, trips);
    }

    [Fact]
    public async Task ARedeployCostsFiveAndARollbackFive()
    {
        Running("v0").Answer("Look for the version's container", "c1");

        await _fixture.RunAsync(DeployOperations.Redeploy(SkipPush));
        Assert.Equal(5, _fixture.Fleet.RoundTrips("1.1.1.1"));

        await _fixture.RunAsync(DeployOperations.Rollback("v0"));
        Assert.Equal(5 + 5, _fixture.Fleet.RoundTrips("1.1.1.1"));
    }

    [Theory]
    [InlineData("deploy")]
    [InlineData("redeploy")]
    [InlineData("setup")]
    [InlineData("rollback")]
    [InlineData("boot")]
    public async Task AProxyThatDoesNotReadThisAccountsFilesIsFoundOutBeforeAnything(string command)
    {
        using var fixture = new OperationFixture()
            .Configure("servers: [ 1.1.1.1 ]\nproxy: { host: app.example.com }\nerror_pages_path: public\n")
            .Write("public/503.html", "later");
        fixture.Fleet.Answer("Look for the version's container", "c1")
            .Fail("1.1.1.1", "Check that the proxy reads this account's files", error: "it reads /home/a, this account writes /root");

        var error = await Assert.ThrowsAsync<KamalException>(() => command switch
        {
            "deploy" => fixture.RunAsync(DeployOperations.Deploy(SkipPush)),
            "redeploy" => fixture.RunAsync(DeployOperations.Redeploy(SkipPush)),
            "setup" => fixture.RunAsync(DeployOperations.Setup(SkipPush)),
            "rollback" => fixture.RunAsync(DeployOperations.Rollback("v0")),
            _ => (Task)fixture.RunAsync(DeployOperations.BootApp()),
        });

        Assert.Equal(KamalErrorId.OperationFailed, error.Id);
        Assert.Equal(KamalErrorId.ProxyFilesUnreachable, Assert.Single(fixture.Sink.Events.OfType<HostFailed>()).Error.Id);
        var script = Assert.Single(fixture.Fleet.Scripts).Script;
        Assert.All(script.Steps, step => Assert.Equal(StepEffect.ReadOnly, step.Effect));
    }

    [Fact]
    public async Task TheLockIsTakenByThePullAndReleasedLast()
    {
        Running("v0");

        await _fixture.RunAsync(DeployOperations.Deploy(SkipPush));

        var steps = _fixture.Fleet.Scripts.Where(script => script.HostName == "1.1.1.1")
            .Select(script => script.Script.Steps.Select(step => step.Name).ToList()).ToList();
        Assert.Contains("Acquire the deploy lock", steps[0]);
        Assert.Equal(["Release the deploy lock", "Read who holds the deploy lock"], steps[^1]);
        Assert.DoesNotContain(
            _fixture.Fleet.Scripts,
            script =>
                script.HostName == "1.1.1.2" && script.Script.Steps.Any(step => step.Name.Contains("lock", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task AContainerThatDoesNotBecomeHealthyIsStoppedAndExplained()
    {
        Running("v0").Fail(
            "1.1.1.2", "Route to the new container once it is healthy",
            error: "Error: target failed to become healthy within configured timeout (30s)").Answer("Read the failed container's log",
            "boom: no database");

        await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(DeployOperations.Deploy(SkipPush)));

        var failed = Assert.Single(_fixture.Sink.Events.OfType<HostFailed>());
        Assert.Equal(KamalErrorId.ContainerUnhealthy, failed.Error.Id);
        Assert.Contains("boom: no database", failed.Error.Message, StringComparison.Ordinal);
        var results = _fixture.Sink.Events.OfType<ResultProduced>().Select(produced => (KamalDeployResult)produced.Result)
            .ToDictionary(result => result.HostName);
        Assert.Equal((HostOutcome.Succeeded, "v1"), (results["1.1.1.1"].Outcome, results["1.1.1.1"].RunningVersion));
        Assert.Equal((HostOutcome.Failed, "v0"), (results["1.1.1.2"].Outcome, results["1.1.1.2"].RunningVersion));
        Assert.Contains("printf '%s\\n' \"${new_container}\" | xargs docker stop", _fixture.Fleet.Ran("1.1.1.2"));
        Assert.Equal(["Release the deploy lock", "End the entry in the history"], _fixture.Fleet.Phases.TakeLast(2));
    }

    [Fact]
    public async Task OfAHostWhoseConnectionBreaksInABootNothingIsClaimed()
    {
        Running("v0").Break("1.1.1.2", "Route to the new container once it is healthy").Fail("1.1.1.1", "Start the new container");

        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(DeployOperations.Deploy(SkipPush)));

        Assert.Contains(
            "did not boot everywhere. On 1.1.1.1 (web) it failed; app-web-v0 goes on serving there. On 1.1.1.2 (web) it failed; " +
            "what serves there now is not known.",
            error.Message, StringComparison.Ordinal);
        Assert.Contains("run the command again", error.Recommendation, StringComparison.Ordinal);
        var results = _fixture.Sink.Events.OfType<ResultProduced>().Select(produced => (KamalDeployResult)produced.Result)
            .ToDictionary(result => result.HostName);
        Assert.Equal((false, "v0"), (results["1.1.1.1"].IsUncertain, results["1.1.1.1"].RunningVersion));
        Assert.Equal((true, null), (results["1.1.1.2"].IsUncertain, results["1.1.1.2"].RunningVersion));
        Assert.Equal(["Release the deploy lock", "End the entry in the history"], _fixture.Fleet.Phases.TakeLast(2));
    }

    [Fact]
    public async Task AHeldLockLeavesTheHostsAlone()
    {
        _fixture.Fleet.Fail("1.1.1.1", "Acquire the deploy lock", LockCommands.Taken)
            .Answer("Read who holds the deploy lock", "Locked by: Bob at 2026-01-01T00:00:00Z\nVersion: v0\nMessage: mine");

        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(DeployOperations.Deploy(SkipPush)));

        Assert.Equal(KamalErrorId.DeployLockHeld, error.Id);
        Assert.Contains("Locked by: Bob", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_fixture.Fleet.Ran("1.1.1.1"), command => command.StartsWith("docker run", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ARollbackToAVersionThatIsNotThereChangesNothing()
    {
        _fixture.Fleet.Fail("1.1.1.2", "Look for the version's container");

        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(DeployOperations.Rollback("v9")));

        Assert.Equal(KamalErrorId.OperationFailed, error.Id);
        Assert.Equal(KamalErrorId.VersionNotFound, Assert.Single(error.Causes).Id);
        Assert.DoesNotContain("Boot web", _fixture.Fleet.Phases);
    }

    [Fact]
    public async Task APreviewReachesNobodyAndShowsNoSecret()
    {
        var results = await _fixture.PreviewAsync(DeployOperations.Deploy(SkipPush));

        Assert.All(results, result => Assert.Equal(HostOutcome.Previewed, result.Outcome));
        Assert.Empty(_fixture.Fleet.Scripts);
        Assert.Empty(_fixture.Local.Commands);
        var shown = _fixture.Sink.Events.OfType<StepPreviewed>().ToList();
        Assert.Contains(shown, step => step.Step.Name == "Start the new container");
        Assert.DoesNotContain(shown, step => step.Step.Command.Display.Contains(FixedSecrets.Mark, StringComparison.Ordinal));
    }

    [Fact]
    public async Task NoCommandHasASecretAsAnArgument()
    {
        await _fixture.RunAsync(DeployOperations.Deploy(SkipPush));

        Assert.DoesNotContain(_fixture.Fleet.Ran("1.1.1.1"), command => command.Contains(FixedSecrets.Mark, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ThePreConnectHookHearsOfTheVersionBeforeTheOperationTurnsToAnother()
    {
        _fixture.Write(".kamal/hooks/pre-connect", "#!/bin/sh\n");
        Running("v0").Answer("Look for the version's container", "c1");

        await _fixture.RunAsync(DeployOperations.Rollback("v0"));

        Assert.Equal("v1", Assert.Single(_fixture.Local.Commands).Environment["KAMAL_VERSION"]!.Reveal());
    }

    public void Dispose() => _fixture.Dispose();

    private RecordingFleet Running(string version) =>
        _fixture.Fleet.Answer("Find the running version", version).Answer("Find the running containers", "c1")
            .Answer("Start the new container", "c2")
            .Answer("See what runs", $"c1 app-web-{version}").Answer(
                "See what the proxy routes to",
                "Service  Host  Path  Target  State    TLS\napp-web  *     /     c1:80   running  no");

    [Theory]
    [InlineData("setup")]
    [InlineData("boot")]
    [InlineData("restart")]
    public async Task ErrorPagesAreThereBeforeAnAccessoryIsRoutedThatNamesThem(string command)
    {
        using var fixture = new OperationFixture().Configure(
            "servers: [ 1.1.1.1 ]\nproxy: { host: app.example.com }\nerror_pages_path: public\naccessories:\n  search: { image: x, " +
            "hosts: [ 1.1.1.1, 1.1.1.2 ], proxy: { host: s.example.com } }\n  db: { image: y, host: 1.1.1.3 }\n")
            .Write("public/503.html", "later").Write("Dockerfile", "FROM scratch\n");
        if (command == "setup") await fixture.RunAsync(DeployOperations.Setup(SkipPush));
        else await fixture.RunAsync(command == "boot" ? AccessoryOperations.Boot([]) : AccessoryOperations.Restart([]));
        foreach (var host in (string[])["1.1.1.1", "1.1.1.2"])
        {
            var steps = fixture.Fleet.Scripts.Where(script => script.HostName == host).SelectMany(script => script.Script.Steps).ToList();
            var route = steps.FindIndex(step => step.Name == "Route to the accessory once it is healthy");
            Assert.Contains("--error-pages=", steps[route].Command.Text, StringComparison.Ordinal);
            Assert.InRange(steps.FindIndex(step => step.Name == "Write the error page 503.html"), 0, route);
        }

        Assert.DoesNotContain(fixture.Fleet.Ran("1.1.1.3"), text => text.Contains("503.html", StringComparison.Ordinal));
    }
}
