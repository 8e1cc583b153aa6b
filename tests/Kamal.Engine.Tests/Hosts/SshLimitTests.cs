using System.Text;
using Kamal.Adapters.Ssh;
using Kamal.Engine.Hosts;
using Kamal.Ssh.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Ssh;

/// <summary>Servers that allow one session at a time (<c>MaxSessions 1</c>): what needs another waits for its turn.</summary>
[Trait("Category", "Linux")]
public sealed class SshLimitTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task ScriptsThatWouldRunAtOnceTakeTurns()
    {
        await using var server = await SshServer.StartAsync("MaxSessions 1");
        await using var pool = new HostConnectionPool(new Kamal.Adapters.AdapterFactory().CreateHostConnector());
        var fleet = Fleet(pool, server);
        for (var round = 0; round < 2; round++)
        {
            var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(lane => RunAsync(fleet, $"sleep 0.2; echo {lane}", lane)));
            Assert.All(results, result => Assert.Null(result.Failure));
            Assert.Equal(["0", "1", "2", "3"], results.Select(result => result.Steps[0].Output));
        }

        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task AStreamTakesThePlaceOfAnIdleShellAndGivesItBack()
    {
        await using var server = await SshServer.StartAsync("MaxSessions 1");
        await using var pool = new HostConnectionPool(new Kamal.Adapters.AdapterFactory().CreateHostConnector());
        var fleet = Fleet(pool, server);
        for (var round = 0; round < 2; round++)
        {
            Assert.Null((await RunAsync(fleet, "true")).Failure);
            var output = new StringBuilder();
            var code = await fleet.StreamAsync(
                "web1", new Step("follow", ShellCommand.Raw("echo streamed; exit 3")),
                bytes => output.Append(Encoding.UTF8.GetString(bytes.Span)), _ => { }, Token);
            Assert.Equal((3, "streamed\n"), (code, output.ToString()));
        }

        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task AStreamWaitsForTheScriptThatRuns()
    {
        await using var server = await SshServer.StartAsync("MaxSessions 1");
        await using var pool = new HostConnectionPool(new Kamal.Adapters.AdapterFactory().CreateHostConnector());
        var fleet = Fleet(pool, server);
        var flag = Path.Combine(server.Folder, "flag");
        var script = RunAsync(fleet, $"touch {flag}; sleep 0.5; rm {flag}");
        while (!File.Exists(flag)) await Task.Delay(10, Token);
        Assert.Equal(1, await fleet.StreamAsync("web1", new Step("look", ShellCommand.Raw($"test -e {flag}")), _ => { }, _ => { }, Token));
        Assert.Null((await script).Failure);
    }

    [Fact]
    public async Task WhatIsStoppedEndsAndTheNextScriptRuns()
    {
        await using var server = await SshServer.StartAsync("MaxSessions 1");
        await using var pool = new HostConnectionPool(new Kamal.Adapters.AdapterFactory().CreateHostConnector());
        var fleet = Fleet(pool, server);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var flag = Path.Combine(server.Folder, "flag");
        var script = fleet.RunAsync(
            "test", ["web1"], _ => Script($"touch {flag}; while [ -e {server.Folder} ]; do sleep 0.1; done", 0), stop.Token);
        while (!File.Exists(flag)) await Task.Delay(10, Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => script.WaitAsync(TimeSpan.FromSeconds(30), Token));
        Assert.Null((await RunAsync(fleet, "true")).Failure);
    }

    [Fact]
    public async Task AServerThatAllowsNoneIsAClearErrorAndOneThatSaysNothingIsNotAskedAgain()
    {
        await using var none = await SshServer.StartAsync("MaxSessions 0");
        await using var mute = await SshServer.StartAsync();
        await using var pool = new HostConnectionPool(new Kamal.Adapters.AdapterFactory().CreateHostConnector());
        Assert.Contains(
            "no session could be opened: the server says", (await RunAsync(Fleet(pool, none), "true")).Failure!.Message,
            StringComparison.Ordinal);
        var target = SshHostTarget.Of(mute.Target with { ConnectTimeout = TimeSpan.FromSeconds(2) });
        await pool.GetAsync(target, new ScriptedInteraction(), new(), new(1), Token);
        mute.FreezeConnections();
        var result = Assert.Single(await new Fleet(pool, (_, _) => new(target), new ScriptedInteraction(), new RecordingSink())
            .RunAsync("test", ["web1"], _ => Script("true", 0), Token).WaitAsync(TimeSpan.FromSeconds(15), Token));
        Assert.Equal(KamalErrorId.TimedOut, result.Failure!.Id);
    }

    private static HostScript Script(string text, int lane) =>
        new("test", [new Step("work", ShellCommand.CommandLine(text))]) { Lane = lane };

    private static Fleet Fleet(HostConnectionPool pool, SshServer server) =>
        new(pool, (_, _) => new(SshHostTarget.Of(server.Target)), new ScriptedInteraction(), new RecordingSink());

    private static async Task<ScriptResult> RunAsync(Fleet fleet, string text, int lane = 0) =>
        Assert.Single(await fleet.RunAsync("test", ["web1"], _ => Script(text, lane), Token));
}
