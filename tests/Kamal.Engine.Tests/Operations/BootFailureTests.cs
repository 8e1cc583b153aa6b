using Kamal.Engine.Events;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

/// <summary>What is said of a boot that failed, and what it costs the containers that run.</summary>
public sealed class BootFailureTests : IDisposable
{
    private const string Route = "Route to the new container once it is healthy";
    private const string Nothing = "Service  Host  Path  Target  State  TLS";
    private const string ToOld = "Service  Host  Path  Target  State    TLS\napp-web  *     /     c1:80   running  no";

    private static readonly DeployOptions SkipPush = new() { SkipPush = true };

    private readonly OperationFixture _fixture = new OperationFixture().Configure("servers: [ 1.1.1.1 ]\n");

    [Theory]
    [InlineData("Error: host settings conflict with another service", KamalErrorId.ProxyHostConflict, "another app on this host")]
    [InlineData("Error: unable to load certificate", KamalErrorId.CertificateInvalid, "cannot load the certificate")]
    [
        InlineData(
            "Error: target failed to become healthy within configured timeout (30s)", KamalErrorId.ContainerUnhealthy,
            "GET /up on port 80 within 30 s")]
    [InlineData("Error response from daemon: No such container: kamal-proxy", KamalErrorId.ProxyNotRunning, "the proxy does not run")]
    [
        InlineData(
            "Error: max-request-body can only be set when request buffering is enabled", KamalErrorId.ProxyRefused,
            "refuses a setting")]
    [InlineData("Error: something new", KamalErrorId.ProxyRefused, "something new")]
    public async Task WhatTheProxyRefusesHasAnErrorOfItsOwn(string says, KamalErrorId id, string message)
    {
        _fixture.Fleet.Answer("Start the new container", "c2").Fail("1.1.1.1", Route, error: says);

        await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(DeployOperations.Deploy(SkipPush)));

        var failed = Assert.Single(_fixture.Sink.Events.OfType<HostFailed>()).Error;
        Assert.Equal(id, failed.Id);
        Assert.Contains(message, failed.Message, StringComparison.Ordinal);
        Assert.False(string.IsNullOrEmpty(failed.Recommendation));
        Assert.DoesNotContain("goes on serving", failed.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "", Nothing, "nothing ran there before, so nothing serves there now", null)]
    [InlineData("c1", "c1 app-web-v0", ToOld, "app-web-v0 goes on serving there", "v0")]
    [InlineData("c1", "c1 app-web-v0_replaced_1a2b", ToOld, "app-web-v0_replaced_1a2b goes on serving there", "v0")]
    [InlineData("c1", "", ToOld, "nothing serves there now", null)]
    [
        InlineData(
            "c1", "c2 app-web-v1\nc1 app-web-v0",
            "Service  Host  Path  Target  State    TLS\napp-web  *     /     c2:80   running  no",
            "app-web-v1 serves there already", "v1")]
    public async Task WhatServesAfterAFailureIsLookedUp(string before, string runs, string routed, string said, string? version)
    {
        _fixture.Fleet.Answer("Find the running containers", before).Answer("Start the new container", "c2")
            .Answer("See what runs", runs).Answer("See what the proxy routes to", routed)
            .Fail("1.1.1.1", Route, error: "Error: target failed to become healthy within configured timeout (30s)");

        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(DeployOperations.Deploy(SkipPush)));

        Assert.Contains("On 1.1.1.1 (web) it failed; " + said + ".", error.Message, StringComparison.Ordinal);
        var result = Assert.IsType<KamalDeployResult>(Assert.Single(_fixture.Sink.Events.OfType<ResultProduced>()).Result);
        Assert.Equal((false, version), (result.IsUncertain, result.RunningVersion));
    }

    [Fact]
    public async Task ABootThatFailsBeforeItMadeAContainerStopsNone()
    {
        _fixture.Fleet.Answer("Look for a container of the same version", "c1").Fail("1.1.1.1", "Rename the container of the same version");

        await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(DeployOperations.Deploy(SkipPush)));

        Assert.DoesNotContain(_fixture.Fleet.Ran("1.1.1.1"), command => command.Contains("docker stop", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TheCauseIsInTheErrorsTextAndInErrorAndResultAsData()
    {
        const string Key = "s3cr3t-key";
        using var fixture = new OperationFixture().Configure("servers: [ 1.1.1.1 ]\n");
        fixture.Fleet.Answer("Start the new container", "0123456789abcdef")
            .Answer("Read the failed container's state", "0 42 172.18.0.3\n{\"Status\":\"running\",\"OOMKilled\":false,\"ExitCode\":0}")
            .Answer("Ask the failed container for its health", "connected\nHTTP/1.1 404 Not Found\r\n\r\nno page")
            .Answer("Read the failed container's log", $"{new string('x', 295)}{Key}\nGET /up: 404")
            .Fail("1.1.1.1", Route, error: "Error: target failed to become healthy within configured timeout (30s)");
        var context = await fixture.ContextAsync(fixture.Fleet) with
        {
            Redact = text => text.Replace(Key, "[REDACTED]", StringComparison.Ordinal),
        };

        var error = await Assert.ThrowsAsync<KamalException>(
            () => DeployOperations.Deploy(SkipPush).RunAsync(context, fixture.Sink, TestContext.Current.CancellationToken));

        var failed = Assert.Single(fixture.Sink.Events.OfType<HostFailed>()).Error;
        var result = Assert.IsType<KamalDeployResult>(Assert.Single(fixture.Sink.Events.OfType<ResultProduced>()).Result);
        Assert.Equal(CauseName.HealthPathNotFound, failed.Cause?.Name);
        Assert.Equal((failed.Cause, failed.Cause), (result.Cause, error.Cause));
        Assert.Equal(
        [
            "1.1.1.1 (web): the app answers GET /up on port 80 with 404: it does not have this path.",
            "GET /up on port 80 (Host: 0123456789ab:80): 404 Not Found",
            "response: no page",
            // Redacted before it is cut, so that no part of a secret is left.
            $"log: {new string('x', 295)}…",
            "log: GET /up: 404",
        ],
        failed.Message.Split('\n'));
        Assert.Equal(failed.Cause!.NextStep, failed.Recommendation);
    }

    [Theory]
    [InlineData("v0", "Invoke-KamalRollback v0")]
    [InlineData("v1", "restore that configuration and deploy it")]
    public async Task TheWayBackLeadsBack(string before, string way)
    {
        using var fixture = new OperationFixture().Configure("servers: [ 1.1.1.1, 1.1.1.2 ]\n");
        fixture.Fleet.Answer("Find the running version", before).Answer("Start the new container", "c2").Fail("1.1.1.2", Route);

        var error = await Assert.ThrowsAsync<KamalException>(() => fixture.RunAsync(DeployOperations.Deploy(SkipPush)));

        Assert.Contains(way, error.Recommendation, StringComparison.Ordinal);
    }

    [Theory]
    // Hosts that ran different versions, and one that ran none.
    [InlineData("v0", "v9", "v0", "Invoke-KamalRollback v0 -HostName 1.1.1.1 (kamal rollback v0 --hosts 1.1.1.1) and "
        + "Invoke-KamalRollback v9 -HostName 1.1.1.2 (kamal rollback v9 --hosts 1.1.1.2).")]
    [InlineData("v0_replaced_9e67", "v0", "v0", "Invoke-KamalRollback v0 (kamal rollback v0).")]
    [InlineData("v0", "v0", "", "Invoke-KamalRollback v0 -HostName 1.1.1.1, 1.1.1.2 (kamal rollback v0 --hosts 1.1.1.1,1.1.1.2).")]
    [InlineData("v0", "", "v0", "Invoke-KamalRollback v0 -HostName 1.1.1.1 (kamal rollback v0 --hosts 1.1.1.1).")]
    public async Task TheWayBackFromSeveralVersionsWorksAsItIs(string first, string second, string third, string way)
    {
        using var fixture = new OperationFixture().Configure("servers: [ 1.1.1.1, 1.1.1.2, 1.1.1.3 ]\n");
        fixture.Fleet.Answer("Start the new container", "c2").Fail("1.1.1.3", Route)
            .Answer("Find the running version", first, "1.1.1.1").Answer("Find the running version", second, "1.1.1.2")
            .Answer("Find the running version", third, "1.1.1.3")
            .Answer("See what runs", third.Length > 0 ? $"c1 app-web-{third}" : "", "1.1.1.3")
            .Answer("See what the proxy routes to",
                "Service  Host  Path  Target  State    TLS\napp-web  *     /     c1:80   running  no", "1.1.1.3");

        var error = await Assert.ThrowsAsync<KamalException>(() => fixture.RunAsync(DeployOperations.Deploy(SkipPush)));

        Assert.EndsWith(way, error.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AReplacedContainersNameIsNoVersion()
    {
        var error = await Assert.ThrowsAsync<KamalException>(() =>
            _fixture.RunAsync(DeployOperations.Rollback("v1_replaced_0123456789abcdef")));

        Assert.Equal(KamalErrorId.ArgumentInvalid, error.Id);
        Assert.Contains("v1", error.Recommendation, StringComparison.Ordinal);
        Assert.Empty(_fixture.Fleet.Scripts);
    }

    public void Dispose() => _fixture.Dispose();
}
