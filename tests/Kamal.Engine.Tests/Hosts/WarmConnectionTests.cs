using Kamal.Adapters.Ssh;
using Kamal.Engine.Hosts;
using Kamal.Engine.Tests.Support;
using Kamal.Ssh.Targets;
using Kamal.Ssh.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Hosts;

/// <summary>What the second command of a session costs, counted on the wire of a real sshd.</summary>
[Trait("Category", "Linux")]
public sealed class WarmConnectionTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private static readonly TimeSpan AWhile = TimeSpan.FromSeconds(6);
    private readonly ManualClock _clock = new();

    [Fact]
    public async Task ASecondCommandCostsOneRoundTrip()
    {
        await using var server = await SshServer.StartAsync();
        await using var line = new TurnCounter(server.Port);
        await using var pool = Pool();
        await RunAsync(pool, Through(line, server));
        line.Take();
        await RunAsync(pool, Through(line, server));
        Assert.Equal((1, 1), (line.Take(), line.Connections));
    }

    [Fact]
    public async Task ThroughAJumpHostItCostsOneToo()
    {
        await using var jump = await SshServer.StartAsync();
        await using var server = await SshServer.StartAsync();
        await using var line = new TurnCounter(jump.Port);
        await using var pool = Pool();
        var target = server.Target with { Jump = Through(line, jump) };
        await RunAsync(pool, target);
        line.Take();
        await RunAsync(pool, target);
        Assert.Equal((1, 1), (line.Take(), line.Connections));
    }

    [Fact]
    public async Task ACommandAfterALongSilenceCostsASecondOneForTheQuestionWhetherTheHostIsThere()
    {
        await using var server = await SshServer.StartAsync();
        await using var line = new TurnCounter(server.Port);
        await using var pool = Pool();
        await RunAsync(pool, Through(line, server));
        _clock.Advance(2 * AWhile);
        line.Take();
        await RunAsync(pool, Through(line, server));
        Assert.Equal((2, 1), (line.Take(), line.Connections));
    }

    [Fact]
    public async Task AnIdleConnectionIsAskedAheadOfTimeSoThatTheNextCommandCostsOneRoundTrip()
    {
        await using var server = await SshServer.StartAsync();
        await using var line = new TurnCounter(server.Port);
        await using var pool = Pool();
        await RunAsync(pool, Through(line, server));
        for (var i = 0; i < 5; i++)
        {
            line.Take();
            _clock.Advance(AWhile);
            await pool.SweepAsync();
            Assert.Equal(1, line.Take());
        }

        // The questions are no use of it: it is closed when its time has come.
        Assert.Equal(5 * AWhile, Assert.Single(pool.Connections).Idle);
        await RunAsync(pool, Through(line, server));
        Assert.Equal((1, 1), (line.Take(), line.Connections));
    }

    [Theory]
    [InlineData(30, 1)]
    [InlineData(30, 301)]
    [InlineData(0, 6)]
    public async Task ItIsNotAskedJustAfterACommandNorForEverNorAgainstTheUsersWish(int keepAlive, int idle)
    {
        await using var server = await SshServer.StartAsync();
        await using var line = new TurnCounter(server.Port);
        await using var pool = Pool();
        await RunAsync(pool, Through(line, server) with { KeepAliveInterval = TimeSpan.FromSeconds(keepAlive) });
        line.Take();
        _clock.Advance(TimeSpan.FromSeconds(idle));
        await pool.SweepAsync();
        Assert.Equal(0, line.Take());
    }

    [Fact]
    public async Task AHostThatIsGoneIsNoticedBeforeTheNextCommand()
    {
        await using var server = await SshServer.StartAsync();
        await using var pool = Pool();
        await RunAsync(pool, server.Target);
        server.FreezeConnections();
        _clock.Advance(AWhile);
        await pool.SweepAsync();
        Assert.Empty(pool.Connections);
        await RunAsync(pool, server.Target);
        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task ACommandThatComesWhileAConnectionIsAskedWaitsForTheAnswer()
    {
        await using var server = await SshServer.StartAsync();
        await using var pool = Pool();
        await RunAsync(pool, server.Target);
        server.FreezeConnections();
        _clock.Advance(AWhile);
        var sweep = pool.SweepAsync();
        await RunAsync(pool, server.Target);
        await sweep;
        Assert.Equal(2, server.Connections);
    }

    private static SshTarget Through(TurnCounter line, SshServer server) =>
        server.Target with { Port = line.Port, HostKeyAlias = $"[{server.Address}]:{server.Port}" };

    private HostConnectionPool Pool() => new(new Kamal.Adapters.AdapterFactory().CreateHostConnector(), _clock);

    private static async Task RunAsync(HostConnectionPool pool, SshTarget target)
    {
        var limits = new HostConnectionLimits { ProbeTimeout = TimeSpan.FromSeconds(1) };
        var fleet = new Fleet(pool, (_, _) => new(SshHostTarget.Of(target)), new ScriptedInteraction(), new RecordingSink(), null, limits);
        var script = new HostScript("test", [new("change", ShellCommand.Raw("echo 1")), new("change", ShellCommand.Raw("echo 2 >&2"))]);
        Assert.True(Assert.Single(await fleet.RunAsync("test", ["web1"], _ => script, Token)).Succeeded);
    }
}
