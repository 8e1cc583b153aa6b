using System.Net;
using System.Net.Sockets;
using Kamal.Adapters.Ssh;
using Kamal.Engine.Hosts;
using Kamal.Ssh.Targets;
using Kamal.Ssh.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Ssh;

/// <summary>Hosts that say nothing: at first, and all of a sudden.</summary>
[Trait("Category", "Linux")]
public sealed class SshSilenceTests
{
    // A dead peer is noticed after two seconds at these limits; TCP alone would take a quarter of an hour.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task AHostThatSwallowsAllIsGivenUpInTimeAndTheOthersGoOn()
    {
        await using var network = await TestNetwork.CreateAsync();
        await using var away = await SshServer.StartAsync(network);
        await using var there = await SshServer.StartAsync();
        await using var pool = Pool();
        network.FallSilent();

        var results = await Fleet(
            pool, host => host == "away" ? Hurried(away) with { Name = "away" } : there.Target with { Name = "there" })
            .RunAsync("test", ["away", "there"], _ => Script("true"), Token).WaitAsync(Patience, Token);

        Assert.True(results[1].Succeeded);
        Assert.Equal((KamalErrorId.TimedOut, "away"), (results[0].Failure!.Id, results[0].Failure!.HostName));
        Assert.Contains($"{away.Address}:2222 did not answer within 2 s", results[0].Failure!.Message, StringComparison.Ordinal);
        Assert.Equal(CauseName.HostSilent, results[0].Failure!.Cause?.Name);
        Assert.Equal(StepStatus.Skipped, results[0].Steps[0].Status);
    }

    [Fact]
    public void ASilentHostIsNamedWithin15SecondsAlsoOnAConnectionThatStands()
    {
        var limit = TimeSpan.FromSeconds(15);
        var target = new SshTarget("web1", "web1", 22, "root");
        // The last answer may have come right after a look.
        Assert.True(target.KeepAliveInterval * (target.KeepAliveCount + 2) <= limit);
        Assert.True(new HostConnectionLimits().ProbeTimeout + target.AnswerTimeout <= limit);
    }

    [Fact]
    public async Task AHostWhoseNetworkGoesAwayInAScriptIsNoticedAndNothingIsRunAgain()
    {
        await using var network = await TestNetwork.CreateAsync();
        await using var server = await SshServer.StartAsync(network);
        await BreaksInTheMiddleAsync(server, Hurried(server), network.FallSilent, network.SpeakAgain);
    }

    [Fact]
    public async Task AHostThatHangsInAScriptIsNoticedAndNothingIsRunAgain()
    {
        // Its kernel still answers for it: only SSH itself shows that nobody is there.
        await using var server = await SshServer.StartAsync();
        await BreaksInTheMiddleAsync(server, Hurried(server), server.FreezeConnections, () => { });
    }

    [Fact]
    public async Task AHostBehindAJumpHostWhoseNetworkGoesAwayIsNoticed()
    {
        await using var network = await TestNetwork.CreateAsync();
        await using var server = await SshServer.StartAsync(network);
        await using var jump = await SshServer.StartAsync();
        await BreaksInTheMiddleAsync(server, Hurried(server) with { Jump = jump.Target }, network.FallSilent, network.SpeakAgain);
    }

    [Fact]
    public async Task AHostThatIsOnlyBusyIsWaitedFor()
    {
        await using var server = await SshServer.StartAsync();
        await RunsLongAsync(Hurried(server));
    }

    [Fact]
    public async Task AServerThatAsksWhetherWeAreThereGetsAnAnswer()
    {
        await using var server = await SshServer.StartAsync("ClientAliveInterval 1", "ClientAliveCountMax 1");
        await RunsLongAsync(server.Target with { KeepAliveInterval = TimeSpan.Zero });
    }

    [Fact]
    public async Task ThatWeAskDoesNotConfuseAForwarding()
    {
        await using var server = await SshServer.StartAsync();
        // On a slow network, where an answer is on its way most of the time.
        using var slow = new TcpListener(IPAddress.Loopback, 0);
        slow.Start();
        var relaying = Task.Run(async () =>
        {
            using var caller = await slow.AcceptTcpClientAsync(Token);
            using var real = new TcpClient("127.0.0.1", server.Port);
            await Task.WhenAny(
                caller.GetStream().CopyToAsync(real.GetStream(), Token), CopySlowlyAsync(real.GetStream(), caller.GetStream()));
        }, Token);
        var target = server.Target with
        {
            Port = ((IPEndPoint)slow.LocalEndpoint).Port,
            HostKeyAlias = $"[127.0.0.1]:{server.Port}",
            KeepAliveInterval = TimeSpan.FromMilliseconds(1),
            KeepAliveCount = 1000,
        };
        await using (var connection = await new SshHostConnector().ConnectAsync(SshHostTarget.Of(target), new ScriptedInteraction(), Token))
        {
            for (var i = 0; i < 10; i++)
            {
                await (await connection.ForwardRemotePortAsync(SshServer.FreePort("127.0.0.1"), "127.0.0.1", 9, Token)).DisposeAsync();
            }
        }

        await relaying;

        static async Task CopySlowlyAsync(Stream from, Stream to)
        {
            var buffer = new byte[32 * 1024];
            int read;
            while ((read = await from.ReadAsync(buffer, Token)) > 0)
            {
                await Task.Delay(20, Token);
                await to.WriteAsync(buffer.AsMemory(0, read), Token);
            }
        }
    }

    private static async Task RunsLongAsync(SshTarget target)
    {
        await using var pool = Pool();
        var result = Assert.Single(await Fleet(pool, _ => target).RunAsync("test", ["web1"], _ => Script("sleep 4; echo done"), Token));
        Assert.Null(result.Failure);
        Assert.Equal("done", result.Steps[0].Output);
    }

    private static async Task BreaksInTheMiddleAsync(SshServer server, SshTarget target, Action breakIt, Action mend)
    {
        await using var pool = Pool();
        var fleet = Fleet(pool, _ => target);
        var began = Path.Combine(server.Folder, "began");
        var running = fleet.RunAsync(
            "test", ["web1"], _ => Script($"echo run >> {began}; while [ -e {began} ]; do sleep 0.2; done"), Token);
        while (!File.Exists(began)) await Task.Delay(20, Token);

        breakIt();
        var result = Assert.Single(await running.WaitAsync(Patience, Token));

        Assert.Equal((KamalErrorId.ConnectionFailed, "web1"), (result.Failure!.Id, result.Failure!.HostName));
        Assert.Contains("'work' was running. It is unknown whether it completed", result.Failure!.Message, StringComparison.Ordinal);
        Assert.Equal(CauseName.HostSilent, result.Failure!.Cause?.Name);
        Assert.Equal(StepStatus.Interrupted, result.Steps[0].Status);
        mend();
        Assert.True(Assert.Single(await fleet.RunAsync("test", ["web1"], _ => Script("true"), Token).WaitAsync(Patience, Token)).Succeeded);
        Assert.Equal("run", Assert.Single(await File.ReadAllLinesAsync(began, Token)));
    }

    private static SshTarget Hurried(SshServer server) =>
        server.Target with { ConnectTimeout = TimeSpan.FromSeconds(2), KeepAliveInterval = TimeSpan.FromSeconds(1), KeepAliveCount = 1 };

    private static HostScript Script(string text) => new("test", [new Step("work", ShellCommand.CommandLine(text))]);

    private static HostConnectionPool Pool() => new(new Kamal.Adapters.AdapterFactory().CreateHostConnector());

    private static Fleet Fleet(HostConnectionPool pool, Func<string, SshTarget> target) =>
        new(pool, (host, _) => new(SshHostTarget.Of(target(host))), new ScriptedInteraction(), new RecordingSink());
}
