using System.Globalization;
using Kamal.Engine.Events;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

public sealed class ListingTests : IDisposable
{
    private readonly OperationFixture _fixture = new OperationFixture().Configure("""
        servers:
          web: [ 1.1.1.1, 1.1.1.2 ]
          workers: { hosts: [ 1.1.1.2 ], cmd: bin/jobs }
        accessories:
          redis: { image: redis:7, host: 1.1.1.3 }
        """);

    [Fact]
    public async Task ListsEveryKindInOneRoundTripAHost()
    {
        _fixture.Fleet
            .Answer("List the app's containers", """{"id":"1","name":"app-web-v1","image":"dhh/app:v1","state":"exited","status":"Exited (0)","service":"app","role":"web"}""", "1.1.1.1")
            .Answer("List the proxy's container", """{"id":"2","name":"kamal-proxy","image":"basecamp/kamal-proxy:v0.9.2","state":"running","status":"Up"}""", "1.1.1.1")
            .Answer("List the containers of redis", """{"id":"3","name":"app-redis","image":"redis:7","state":"running","status":"Up","service":"app-redis"}""");

        var containers = await _fixture.RunAsync(ListingOperations.Containers(new()));

        Assert.All(["1.1.1.1", "1.1.1.2", "1.1.1.3"], host => Assert.Equal(1, _fixture.Fleet.RoundTrips(host)));
        Assert.Equal(
            [
                ("1.1.1.1", KamalContainerKind.Proxy, null, null, "v0.9.2"),
                ("1.1.1.1", KamalContainerKind.App, "web", null, "v1"),
                ("1.1.1.3", KamalContainerKind.Accessory, null, "redis", "7")],
            containers.Select(container => (container.HostName, container.Kind, container.Role, container.Accessory, container.Version!)));
        Assert.All(_fixture.Fleet.Scripts, script => Assert.False(script.Script.IsMutating));
    }

    [Fact]
    public async Task TellsTheVersionOfEachRole()
    {
        _fixture.Fleet.Answer("Find the version of web", "v1").Answer("Find the version of workers", "");

        var versions = await _fixture.RunAsync(ListingOperations.Versions());

        Assert.Equal([new("1.1.1.1", "web", "v1"), new("1.1.1.2", "web", "v1"), new("1.1.1.2", "workers", null)], versions);
    }

    [Fact]
    public async Task DiskUsageTakesOneRoundTripPerHost()
    {
        _fixture.Fleet.Answer("Read the disk usage", """
            {"type":"Images","size":"12.34GB","unused":"9.87GB (79%)"}
            {"type":"Containers","size":"1.2MB","unused":"0B (0%)"}
            {"type":"Local Volumes","size":"2.1GB","unused":"0B (0%)"}
            {"type":"Build Cache","size":"512kB","unused":"0B"}
            """).Answer("See how much space is left", "1000 5000 20000 /var/lib/my docker", "1.1.1.1");

        var usages = await _fixture.RunAsync(ListingOperations.DiskUsage());

        Assert.Equal(new("1.1.1.1")
        {
            Directory = "/var/lib/my docker", FreeBytes = 1_024_000, TotalBytes = 20_480_000, ImageBytes = 12_340_000_000,
            UnusedImageBytes = 9_870_000_000, ContainerBytes = 1_200_000, VolumeBytes = 2_100_000_000, BuildCacheBytes = 512_000,
            UnusedBuildCacheBytes = 0,
        }, usages.Single(usage => usage.HostName == "1.1.1.1"));
        Assert.Null(usages.Single(usage => usage.HostName == "1.1.1.2").FreeBytes);
        Assert.Equal(3, usages.Count);
        Assert.All(["1.1.1.1", "1.1.1.2", "1.1.1.3"], host => Assert.Equal(1, _fixture.Fleet.RoundTrips(host)));
        Assert.All(_fixture.Fleet.Scripts, script => Assert.False(script.Script.IsMutating));
    }

    [Fact]
    public async Task OneHostsFailureLeavesTheOthersResults()
    {
        _fixture.Fleet.Fail("1.1.1.1", "List images")
            .Answer("List images", """{"id":"1","repository":"dhh/app","tag":"v1","created":"2026-01-01 00:00:00 +0000 UTC","size":"10MB"}""");

        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(ListingOperations.Images()));

        Assert.Equal(KamalErrorId.OperationFailed, error.Id);
        Assert.Equal("1.1.1.2", Assert.IsType<KamalImage>(Assert.Single(_fixture.Sink.Events.OfType<ResultProduced>()).Result).HostName);
    }

    [Fact]
    public async Task Images_say_which_hosts_that_answered_lack_them()
    {
        const string format = "{{\"id\":\"1\",\"repository\":\"dhh/app\",\"tag\":\"{0}\",\"digest\":\"{1}\"}}";
        static string Image(string tag, string digest) => string.Format(CultureInfo.InvariantCulture, format, tag, digest);
        _fixture.Fleet.Answer("List images", $"{Image("v1", "sha256:abc")}\n{Image("v2", "<none>")}", "1.1.1.1")
            .Answer("List images", Image("v1", "sha256:abc"), "1.1.1.2");

        var images = await _fixture.RunAsync(ListingOperations.Images());

        Assert.Equal(
            [("1.1.1.1", "v1", "sha256:abc", ""), ("1.1.1.1", "v2", null, "1.1.1.2"), ("1.1.1.2", "v1", "sha256:abc", "")],
            images.Select(image => (image.HostName, image.Version, image.Digest, string.Join(' ', image.MissingOn))));
    }

    [Theory]
    [InlineData("this is no JSON")]
    [InlineData("null")]
    [InlineData("[1,2]")]
    [InlineData("7")]
    [InlineData("""{"id":"1","name":7}""")]
    [InlineData("""{"id":"1","name":"a\ud800b"}""")]
    [InlineData("\u001b]52;c;aGk=\u0007")]
    public async Task OneHostsOddAnswerHidesNothingElse(string odd)
    {
        const string proxy = """{"id":"2","name":"kamal-proxy","image":"basecamp/kamal-proxy:v0.9.2","state":"running","status":"Up"}""";
        const string app = """{"id":"3","name":"app-web-v1","image":"dhh/app:v1","state":"running","status":"Up","service":"app","role":"web"}""";
        _fixture.Fleet.Answer("List the proxy's container", $"{odd}\n{proxy}", "1.1.1.1")
            .Answer("List the proxy's container", proxy, "1.1.1.2")
            .Answer("List the app's containers", app);

        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(ListingOperations.Containers(new())));

        var cause = Assert.Single(error.Causes);
        Assert.Equal("1.1.1.1", cause.HostName);
        Assert.DoesNotContain(cause.Message, char.IsControl);
        Assert.Same(cause, Assert.Single(_fixture.Sink.Events.OfType<HostFailed>()).Error);
        var found = _fixture.Sink.Events.OfType<ResultProduced>().Select(produced => (KamalContainer)produced.Result)
            .Select(container => (container.HostName, container.ContainerName));
        Assert.Equal([("1.1.1.1", "kamal-proxy"), ("1.1.1.1", "app-web-v1"), ("1.1.1.2", "kamal-proxy"), ("1.1.1.2", "app-web-v1")], found);
    }

    [Fact]
    public async Task FindsStaleContainers()
    {
        _fixture.Fleet.Answer("Look for stale containers", "c1 app-web-v1\nc2 app-web-v2_replaced_1a2b\nc3 app-web-v3", "1.1.1.1")
            .Answer(
                "See whether they are routed to",
                "Service  Host  Path  Target  State    TLS\napp-web  *     /     c3:80   running  no");

        var stale = await _fixture.RunAsync(AppOperations.StaleContainers(stop: false), roles: ["web"]);

        Assert.Equal(["app-web-v1", "app-web-v2_replaced_1a2b"], stale.Select(container => container.ContainerName));
        Assert.Equal(["v1", "v2"], stale.Select(container => container.Version));
        Assert.All(stale, container => Assert.False(container.Stopped));
        Assert.All(_fixture.Fleet.Scripts, script => Assert.False(script.Script.IsMutating));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StopsStaleContainersAndTellsWhetherItCould(bool fails)
    {
        _fixture.Fleet.Answer("Look for stale containers", "c1 app-web-v1", "1.1.1.1")
            .Answer("See whether they are routed to", "Service  Host  Path  Target  State  TLS");
        if (fails) _fixture.Fleet.Fail("1.1.1.1", "Stop stale containers");

        var stale = await _fixture.RunAsync(AppOperations.StaleContainers(stop: true), hosts: ["1.1.1.1"]);

        Assert.Equal(!fails, Assert.Single(stale).Stopped);
    }

    [Fact]
    public async Task ReadsTheAuditLog()
    {
        _fixture.Fleet.Answer("Read the audit log",
            "[2024-04-05T07:14:23Z] [ada@example.com] [web] Booted app version v1\n[2024-04-05T07:14:24Z] [ada@example.com] [x] odd\nnoise",
            "1.1.1.1");

        var entries = await _fixture.RunAsync(ListingOperations.Audit(), hosts: ["1.1.1.1"]);

        Assert.Equal("tail -n 50 .kamal/app-audit.log", Assert.Single(_fixture.Fleet.Ran("1.1.1.1")));
        Assert.Equal(("Booted app version v1", "web", "ada@example.com"), (entries[0].Message, entries[0].Role, entries[0].Performer));
        Assert.Equal(new DateTimeOffset(2024, 4, 5, 7, 14, 23, TimeSpan.Zero), entries[0].RecordedAt);
        Assert.Equal(("[x] odd", null), (entries[1].Message, entries[1].Role));
        Assert.Equal(("noise", null), (entries[2].Message, entries[2].RecordedAt));
    }

    [Fact]
    public async Task TakesReadsAndReleasesTheLock()
    {
        var taken = await _fixture.RunAsync(LockOperations.Acquire("one"));
        var printed = $"{taken.Text}\nowner-{taken.Owner} 0";
        _fixture.Fleet.Answer("Read the deploy lock", printed).Answer("Read who holds the deploy lock", printed);
        var status = await _fixture.RunAsync(LockOperations.Status());
        var released = await _fixture.RunAsync(LockOperations.Release());

        Assert.Equal((true, "Ada", "one", "v1"), (taken.IsHeld, taken.LockedBy, taken.Message, taken.Version));
        Assert.Equal(taken, status);
        Assert.Equal((false, "Ada"), (released.IsHeld, released.LockedBy));
        Assert.Equal(3, _fixture.Fleet.RoundTrips("1.1.1.1"));
    }

    [Fact]
    public async Task AMissingLockIsNoError()
    {
        _fixture.Fleet.Fail("1.1.1.1", "Read the deploy lock", exitCode: 3);

        Assert.False((await _fixture.RunAsync(LockOperations.Status())).IsHeld);
    }

    [Fact]
    public async Task ALockThatCannotBeReadIsAnError()
    {
        _fixture.Fleet.Fail("1.1.1.1", "Read the deploy lock", exitCode: 1);

        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(LockOperations.Status()));
        Assert.Equal(KamalErrorId.RemoteCommandFailed, error.Id);
    }

    public void Dispose() => _fixture.Dispose();
}
