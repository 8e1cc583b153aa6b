using System.Globalization;
using Kamal.Engine.Events;
using Kamal.Engine.Operations;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

/// <summary>What is found out before anything is built or changed, and what that costs.</summary>
public sealed class PreflightTests : IDisposable
{
    private const string Docker = "Check that Docker can be used";
    private const string Clock = "Read the host's time and architecture";
    private const string Lock = "See who holds the deploy lock";
    private const string Held = "Locked by: Ann at 2026-01-02T03:04:05Z\nVersion: v1\nMessage: Automatic deploy lock";
    private const string Space = "See how much space is left";
    private const string Down = "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?";

    private static readonly DeployOptions SkipPush = new() { SkipPush = true };

    private readonly OperationFixture _fixture = new OperationFixture().Configure("""
        servers:
          web: [ 1.1.1.1, 1.1.1.2 ]
          worker: { hosts: [ 1.1.1.3 ], cmd: work }
        env: { secret: [ TOKEN ] }
        builder: { arch: amd64, context: ., secrets: [ BUILD_TOKEN ] }
        accessories:
          db: { image: "postgres:16", host: 1.1.1.3, env: { secret: [ DB_PASSWORD ] } }
        """);

    [Fact]
    public async Task Without_a_build_it_costs_no_round_trip()
    {
        await _fixture.RunAsync(DeployOperations.Deploy(SkipPush));

        Assert.Equal("Pull the image", _fixture.Fleet.Phases[0]);
        Assert.All(["1.1.1.1", "1.1.1.2", "1.1.1.3"], host => Assert.Equal(Docker, FirstStep(host)));
        Assert.Equal((5, 4, 4), (Trips("1.1.1.1"), Trips("1.1.1.2"), Trips("1.1.1.3")));
    }

    [Theory]
    [InlineData("deploy", false, 5, 4)]
    [InlineData("deploy", true, 6, 5)]
    [InlineData("redeploy", false, 5, 4)]
    [InlineData("redeploy", true, 6, 5)]
    [InlineData("setup", false, 8, 6)]
    [InlineData("setup", true, 8, 6)]
    public async Task Each_operation_checks_each_host_once_and_takes_so_many_round_trips(string name, bool builds, int primary, int other)
    {
        var options = new DeployOptions { SkipPush = !builds };
        _fixture.Write("Dockerfile", "FROM scratch\n").Fleet.Answer("Look for Docker", "Docker version 29.0.1");

        await _fixture.RunAsync(name switch
        {
            "deploy" => DeployOperations.Deploy(options),
            "redeploy" => DeployOperations.Redeploy(options),
            _ => DeployOperations.Setup(options),
        });

        Assert.Equal((primary, other), (Trips("1.1.1.1"), Trips("1.1.1.2")));
        Assert.All(["1.1.1.1", "1.1.1.2", "1.1.1.3"], host => Assert.Single(
            _fixture.Fleet.Scripts.Where(script => script.HostName == host).SelectMany(script => script.Script.Steps),
            step => step.Name == Docker));
    }

    [Fact]
    public async Task A_host_whose_Docker_a_setup_has_installed_is_checked_in_a_round_trip_of_its_own()
    {
        foreach (var host in new[] { "1.1.1.1", "1.1.1.3" }) _fixture.Fleet.Answer("Look for Docker", "Docker version 29.0.1", host);

        await _fixture.RunAsync(DeployOperations.Setup(SkipPush));

        Assert.Equal((8, 7), (Trips("1.1.1.1"), Trips("1.1.1.2")));
        Assert.Equal("1.1.1.2", Assert.Single(_fixture.Fleet.Scripts, script => script.Phase == "Check the hosts").HostName);
    }

    [Fact]
    public async Task The_check_of_what_the_proxy_reads_shares_the_round_trip()
    {
        _fixture.Configure("servers: [ 1.1.1.1, 1.1.1.2 ]\nproxy: { host: app.example.com }\nerror_pages_path: public\n")
            .Write("public/503.html", "later");

        await _fixture.RunAsync(DeployOperations.Deploy(SkipPush));

        Assert.Equal(["Check the hosts", "Pull the image"], _fixture.Fleet.Phases.Take(2));
        Assert.Equal((6, 5), (Trips("1.1.1.1"), Trips("1.1.1.2")));
    }

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("1.1.1.2")]
    [InlineData("1.1.1.3")]
    public async Task Nothing_that_runs_is_changed_if_one_host_is_not_fit(string host)
    {
        _fixture.Fleet.Fail(host, Docker, error: Down);

        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(DeployOperations.Deploy(SkipPush)));

        Assert.Equal(CauseName.DockerNotRunning, error.Cause?.Name);
        // Others have pulled the image.
        Assert.DoesNotContain(_fixture.Fleet.Ran(host), command => command.Contains("docker login", StringComparison.Ordinal)
            || command.Contains("docker pull", StringComparison.Ordinal));
        Assert.DoesNotContain(_fixture.Fleet.Phases, phase => phase.StartsWith("Prepare", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_is_built_if_one_host_is_not_fit()
    {
        _fixture.Write("Dockerfile", "FROM scratch\n").Fleet.Fail(
            "1.1.1.3", Space, error: "no space left on device: 12 MiB are free in /var/lib/docker");

        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(DeployOperations.Deploy(new())));

        Assert.Equal((CauseName.DiskFull, "the disk is full"), (error.Cause?.Name, error.Cause?.Message));
        Assert.DoesNotContain(_fixture.Local.Commands, command => command.Display.Contains("buildx build", StringComparison.Ordinal));
        Assert.Equal(["Check the hosts"], _fixture.Fleet.Phases);
    }

    [Theory]
    [InlineData("TOKEN")]
    [InlineData("BUILD_TOKEN")]
    public async Task A_secret_without_a_value_is_found_before_anything_is_built(string name)
    {
        _fixture.Secrets = new Missing(name);

        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(DeployOperations.Deploy(new())));

        Assert.Equal((KamalErrorId.SecretUnavailable, CauseName.SecretMissing), (error.Id, error.Cause?.Name));
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Empty(_fixture.Fleet.Scripts);
    }

    [Fact]
    public async Task All_secrets_without_a_value_are_named_at_once_also_those_of_accessories()
    {
        _fixture.Secrets = new Missing("TOKEN", "DB_PASSWORD");

        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(DeployOperations.Setup(SkipPush)));

        Assert.Equal(["no TOKEN", "no DB_PASSWORD", "Nothing was replaced on 1.1.1.1, 1.1.1.2, 1.1.1.3."], error.Message.Split('\n'));
        // A deploy does not boot accessories.
        _fixture.Secrets = new Missing("DB_PASSWORD");
        await _fixture.RunAsync(DeployOperations.Deploy(SkipPush));
    }

    [Fact]
    public async Task What_may_break_a_deploy_is_warned_of_once_for_all_hosts()
    {
        _fixture.Options = _fixture.Options with { LockWait = true };
        _fixture.Fleet.Answer(Docker, "image 900000000").Answer(Clock, Now("aarch64")).Answer(Space, "200000 5000 /var/lib/docker")
            .Answer(Lock, Held);

        await _fixture.RunAsync(DeployOperations.Deploy(SkipPush));

        var warnings = Warnings();
        Assert.Contains(warnings, text => text.StartsWith(
            "On 1.1.1.1, 1.1.1.2, 1.1.1.3: the image is built for amd64, and the host has arm64. Add arm64", StringComparison.Ordinal));
        Assert.Contains(warnings, text => text.StartsWith(
            "On 1.1.1.1, 1.1.1.2, 1.1.1.3: less space is free (195 MiB) than the app's image takes (858 MiB).", StringComparison.Ordinal));
        Assert.Contains(warnings, text => text.StartsWith("On 1.1.1.1: the deploy lock is held by Ann.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("900000 5000 10000000 /d", "the disk is nearly full: 879 MiB of 9.5 GiB are free. Remove old versions with")]
    [InlineData("5000000 5000 1000000000 /d", "the disk is nearly full: 4.8 GiB of 953.7 GiB are free. Remove")]
    [InlineData("1100000 5000 10000000 /d", null)]
    [InlineData("6000000 5000 1000000000 /d", null)]
    [InlineData("900000 5000 0 /d", null)]
    [InlineData("900000 5000 /d", null)]
    public async Task A_nearly_full_disk_gives_a_warning(string space, string? warning)
    {
        _fixture.Fleet.Answer(Docker, "image 9000000").Answer(Space, space);

        await _fixture.RunAsync(DeployOperations.Deploy(SkipPush));

        if (warning is null) Assert.DoesNotContain(Warnings(), text => text.Contains("nearly full", StringComparison.Ordinal));
        else Assert.Contains(Warnings(), text => text.Contains(warning, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("deploy", false, false)]
    [InlineData("deploy", true, false)]
    [InlineData("deploy", false, true)]
    [InlineData("redeploy", false, false)]
    [InlineData("redeploy", false, true)]
    [InlineData("setup", false, false)]
    [InlineData("setup", true, false)]
    [InlineData("setup", false, true)]
    public async Task No_operation_asks_who_holds_the_lock_that_it_holds_itself(string name, bool builds, bool waits)
    {
        var options = new DeployOptions { SkipPush = !builds };
        _fixture.Options = _fixture.Options with { LockWait = waits };
        // On the second host, a setup installs Docker.
        _fixture.Write("Dockerfile", "FROM scratch\n").Fleet.Answer(Lock, Held)
            .Answer("Look for Docker", "Docker version 29.0.1", "1.1.1.2").Answer("Look for Docker", "Docker version 29.0.1", "1.1.1.3");

        await _fixture.RunAsync(name switch
        {
            "deploy" => DeployOperations.Deploy(options),
            "redeploy" => DeployOperations.Redeploy(options),
            _ => DeployOperations.Setup(options),
        });

        var steps = _fixture.Fleet.Scripts.Where(script => script.HostName == "1.1.1.1").SelectMany(script => script.Script.Steps)
            .Select(step => step.Name).ToList();
        Assert.DoesNotContain(Lock, steps[steps.IndexOf("Acquire the deploy lock")..]);
        // What the round trip that takes the lock saw before it is over as well.
        var isAskedBefore = name != "setup" && (builds || waits);
        Assert.Equal(isAskedBefore, Warnings().Exists(text => text.Contains("the deploy lock is held", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_test_of_the_hosts_has_a_result_for_each_and_no_error()
    {
        _fixture.Fleet.Answer("Ask Docker for its version", "29.0.1").Answer(Space, "20000000 5000 /var/lib/docker")
            .Answer(Docker, "image 900000000\ncontainer running /d/containers/c/resolv.conf basecamp/kamal-proxy:v0.9.2")
            .Answer(Clock, Now("x86_64"))
            .Fail("1.1.1.2", Docker, error: Down)
            .Fail("1.1.1.3", "Check the version of the proxy's container");

        var checks = await _fixture.RunAsync(ServerOperations.Test());

        Assert.Equal(["1.1.1.1", "1.1.1.2", "1.1.1.3"], checks.Select(check => check.HostName));
        Assert.Equal([true, false, true], checks.Select(check => check.IsReady));
        Assert.Equal(
            ("29.0.1", "amd64", 20480000000, "running", "v0.9.2"),
            (checks[0].DockerVersion, checks[0].Architecture, checks[0].FreeBytes, checks[0].ProxyState, checks[0].ProxyVersion));
        Assert.Equal(CauseName.DockerNotRunning, Assert.Single(checks[1].Causes).Name);
        Assert.Equal((true, (string?)null), (checks[1].IsReachable, checks[1].DockerVersion));
        Assert.Empty(_fixture.Sink.Events.OfType<HostFailed>());
        Assert.All(["1.1.1.1", "1.1.1.2", "1.1.1.3"], host => Assert.Equal(1, Trips(host)));
    }

    [Fact]
    public async Task An_old_proxy_and_a_port_in_use_are_named()
    {
        _fixture.Fleet
            .Fail("1.1.1.1", "Check the version of the proxy's container")
            .Fail("1.1.1.2", "Check that the proxy's ports are free", error: "port 80: process nginx (812)\nport 443: container edge");

        var checks = await _fixture.RunAsync(ServerOperations.Test());

        Assert.Equal(CauseName.ProxyOutdated, Assert.Single(checks[0].Causes).Name);
        Assert.Equal(
            (CauseName.PortTaken, "port 80 of the host is in use by the process nginx (812)"),
            (checks[1].Causes[0].Name, checks[1].Causes[0].Message));
        Assert.Equal(["port 80: process nginx (812)", "port 443: container edge"], checks[1].PortsInUse);
    }

    public void Dispose() => _fixture.Dispose();

    private static string Now(string machine) =>
        string.Create(CultureInfo.InvariantCulture, $"{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}\n{machine}");

    private List<string> Warnings() => [.. _fixture.Sink.Events.OfType<MessageEmitted>()
        .Where(message => message.Severity == MessageSeverity.Warning).Select(message => message.Text)];

    private int Trips(string host) => _fixture.Fleet.RoundTrips(host);

    private string FirstStep(string host) => _fixture.Fleet.Scripts.First(script => script.HostName == host).Script.Steps[0].Name;

    private sealed class Missing(params string[] names) : Kamal.Engine.Secrets.ISecretStore
    {
        private readonly FixedSecrets _others = new();

        public Task<SecretValue> GetAsync(string name, CancellationToken cancellationToken) => names.Contains(name)
            ? throw new KamalException(KamalErrorId.SecretUnavailable, "no " + name)
            : _others.GetAsync(name, cancellationToken);

        public Task<IReadOnlyList<Kamal.Engine.Secrets.SecretResult>> GetAllAsync(CancellationToken cancellationToken) =>
            _others.GetAllAsync(cancellationToken);

        public Task<IReadOnlyList<KeyValuePair<string, SecretValue>>> ListAsync(CancellationToken cancellationToken) =>
            _others.ListAsync(cancellationToken);
    }
}
