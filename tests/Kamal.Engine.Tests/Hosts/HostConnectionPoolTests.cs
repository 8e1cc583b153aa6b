using Kamal.Adapters.Ssh;
using Kamal.Engine.Hosts;
using Kamal.Ssh.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Hosts;

[Trait("Category", "Linux")]
public sealed class HostConnectionPoolTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task AConnectionIsMadeOnceAndShownAsAnObject()
    {
        var connector = new TestConnector();
        await using var pool = new HostConnectionPool(connector);
        for (var i = 0; i < 2; i++) Assert.True((await RunAsync(pool, Looks)).Succeeded);
        Assert.Single(connector.Connections);
        var connection = Assert.Single(pool.Connections);
        Assert.Equal(
            ("local", "root@local:22", true, false),
            (connection.HostName, connection.Target, connection.IsConnected, connection.IsBusy));
    }

    [Fact]
    public async Task ABrokenConnectionIsReplacedBeforeAScriptRuns()
    {
        var connector = new TestConnector();
        await using var pool = new HostConnectionPool(connector);
        await RunAsync(pool, Looks);
        await connector.Connections[0].DisposeAsync();
        Assert.True((await RunAsync(pool, Changes)).Succeeded);
        Assert.Equal(2, connector.Connections.Count);
    }

    [Fact]
    public async Task AnIdleConnectionThatAnswersNoMoreIsReplacedBeforeAScriptRuns()
    {
        await using var server = await SshServer.StartAsync();
        await using var pool = new HostConnectionPool(new Kamal.Adapters.AdapterFactory().CreateHostConnector());
        var limits = new HostConnectionLimits { ProbeAfter = TimeSpan.Zero, ProbeTimeout = TimeSpan.FromSeconds(1) };
        Assert.True((await RunAsync(pool, Changes, SshHostTarget.Of(server.Target), limits)).Succeeded);
        server.FreezeConnections();
        Assert.True((await RunAsync(pool, Changes, SshHostTarget.Of(server.Target), limits)).Succeeded);
        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task AnIdleConnectionThatAnswersIsKeptEvenWhereOneChannelIsAllowed()
    {
        await using var server = await SshServer.StartAsync("MaxSessions 1");
        await using var pool = new HostConnectionPool(new Kamal.Adapters.AdapterFactory().CreateHostConnector());
        var limits = new HostConnectionLimits { ProbeAfter = TimeSpan.Zero };
        for (var i = 0; i < 3; i++) Assert.True((await RunAsync(pool, Changes, SshHostTarget.Of(server.Target), limits)).Succeeded);
        Assert.Equal(1, server.Connections);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public async Task OnlyAScriptThatChangesNothingIsBegunAgainWhenTheConnectionDropsInIt(bool looks, int runs)
    {
        await using var server = await SshServer.StartAsync();
        await using var pool = new HostConnectionPool(new Kamal.Adapters.AdapterFactory().CreateHostConnector());
        var count = Path.Combine(server.Folder, "count");
        // The first run ends its own connection: the shell's parent is the sshd that serves it.
        var text = $"echo run >> {count}; [ $(grep -c run {count}) -gt 1 ] || {{ kill -9 $PPID; sleep 30; }}";
        var step = new Step("drop", ShellCommand.CommandLine(text)) { Effect = looks ? StepEffect.ReadOnly : StepEffect.Mutating };
        var result = await RunAsync(pool, step, SshHostTarget.Of(server.Target));
        Assert.Equal(looks, result.Succeeded);
        Assert.Equal(runs, File.ReadAllLines(count).Length);
        if (!looks) Assert.Contains("It is unknown whether it completed", result.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoMoreConnectionsAreMadeAtOnceThanAllowed()
    {
        var connector = new TestConnector { Delay = TimeSpan.FromMilliseconds(30) };
        await using var pool = new HostConnectionPool(connector);
        var fleet = Fleet(pool, host => new(host, $"root@{host}:22"), new() { MaxConcurrentStarts = 3 });
        var results = await fleet.RunAsync(
            "test", [.. Enumerable.Range(1, 12).Select(i => $"web{i}")], _ => new HostScript("test", [Looks]), Token);
        Assert.All(results, result => Assert.True(result.Succeeded));
        Assert.Equal((12, 3), (connector.Connections.Count, connector.MostAtOnce));
    }

    [Fact]
    public async Task IdleConnectionsAreClosedAndBusyOnesAreNot()
    {
        var connector = new TestConnector();
        await using var pool = new HostConnectionPool(connector);
        await RunAsync(pool, Looks, limits: new() { IdleTimeout = TimeSpan.Zero });
        var session = await pool.GetAsync(Target(), new ScriptedInteraction(), new() { IdleTimeout = TimeSpan.Zero }, new(1), Token);
        using (session.Use())
        {
            await pool.SweepAsync();
            Assert.Single(pool.Connections);
        }

        await pool.SweepAsync();
        Assert.Empty(pool.Connections);
    }

    [Fact]
    public async Task AChangedConfigurationClosesTheOldConnection()
    {
        var connector = new TestConnector();
        await using var pool = new HostConnectionPool(connector);
        await RunAsync(pool, Looks);
        await RunAsync(pool, Looks, Target() with { Address = "deploy@local:22" });
        Assert.Equal("deploy@local:22", Assert.Single(pool.Connections).Target);
        Assert.False(connector.Connections[0].IsConnected);
    }

    [Fact]
    public async Task ConnectionsAreClosedByHost()
    {
        var connector = new TestConnector();
        await using var pool = new HostConnectionPool(connector);
        await RunAsync(pool, Looks);
        await RunAsync(pool, Looks, Target() with { Name = "other" });
        Assert.Equal(["other"], await pool.CloseAsync(connection => connection.HostName == "other"));
        Assert.Equal("local", Assert.Single(pool.Connections).HostName);
    }

    [Fact]
    public async Task OneCallersImpatienceDoesNotEndTheConnectionOfAnother()
    {
        var connector = new TestConnector { Delay = TimeSpan.FromMilliseconds(300) };
        await using var pool = new HostConnectionPool(connector);
        using var impatient = new CancellationTokenSource();
        var first = pool.GetAsync(Target(), new ScriptedInteraction(), new(), new(1), impatient.Token);
        var second = pool.GetAsync(Target(), new ScriptedInteraction(), new(), new(1), Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.True((await second).Connection.IsConnected);
    }

    private static Step Looks { get; } = new("look", ShellCommand.Raw("true")) { Effect = StepEffect.ReadOnly };

    private static Step Changes { get; } = new("change", ShellCommand.Raw("true"));

    private static HostTarget Target() => new("local", "root@local:22");

    private static Fleet Fleet(HostConnectionPool pool, Func<string, HostTarget> target, HostConnectionLimits? limits = null) =>
        new(pool, (host, _) => new(target(host)), new ScriptedInteraction(), new RecordingSink(), null, limits);

    private static async Task<ScriptResult> RunAsync(
        HostConnectionPool pool, Step step, HostTarget? target = null, HostConnectionLimits? limits = null) =>
        Assert.Single(await Fleet(pool, _ => target ?? Target(), limits)
            .RunAsync("test", ["local"], _ => new HostScript("test", [step]), Token));
}
