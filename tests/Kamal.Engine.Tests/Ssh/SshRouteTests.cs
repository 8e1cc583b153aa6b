using System.Net;
using System.Net.Sockets;
using Kamal.Engine.Ssh;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Ssh;

/// <summary>Ways to a host: through others, through programs, through bad networks.</summary>
public sealed class SshRouteTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task AChainOfTwoJumpHostsLeadsToTheHost()
    {
        await using var first = await SshServer.StartAsync();
        await using var second = await SshServer.StartAsync();
        await using var server = await SshServer.StartAsync();
        var target = server.Target with { Jump = second.Target with { Name = "second", Jump = first.Target with { Name = "first" } } };
        await using var connection = await SshConnectionTests.ConnectAsync(target);
        await using var process = await connection.StartAsync("echo through", Token);
        Assert.Equal("through\n", await SshConnectionTests.ReadAsync(process.Output));
        Assert.Equal((1, 1, 1), (first.Connections, second.Connections, server.Connections));
    }

    [Fact]
    public async Task SeveralHostsShareOneConnectionToTheirJumpHost()
    {
        await using var jump = await SshServer.StartAsync("MaxSessions 10");
        await using var server = await SshServer.StartAsync();
        var connector = new Kamal.Adapters.AdapterFactory().CreateHostConnector();
        var connections = await Task.WhenAll(Enumerable.Range(1, 12).Select(i =>
            connector.ConnectAsync(server.Target with { Name = $"web{i}", Jump = jump.Target }, new ScriptedInteraction(), Token)));
        Assert.Equal((1, 12), (jump.Connections, server.Connections));
        foreach (var connection in connections)
        {
            await using var process = await connection.StartAsync("echo $((6*7))", Token);
            Assert.Equal("42\n", await SshConnectionTests.ReadAsync(process.Output));
        }

        foreach (var connection in connections) await connection.DisposeAsync();
    }

    [Fact]
    public async Task AHostBehindTheJumpHostThatIsNotThereIsAClearError()
    {
        await using var jump = await SshServer.StartAsync();
        await using var server = await SshServer.StartAsync();
        var target = server.Target with { Port = SshServer.FreePort("127.0.0.1"), Jump = jump.Target with { Name = "bastion" } };
        var error = await Assert.ThrowsAsync<KamalException>(() => SshConnectionTests.ConnectAsync(target));
        Assert.Equal((KamalErrorId.ConnectionFailed, "web1"), (error.Id, error.HostName));
        Assert.Contains("through " + target.Jump, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AProxyCommandIsTheConnection()
    {
        await using var server = await SshServer.StartAsync();
        var command = $"ssh -F none -i {server.UserKey} -o UserKnownHostsFile={server.KnownHosts} -p {server.Port} -W 127.0.0.1:{server.Port} 127.0.0.1";
        await using var connection = await SshConnectionTests.ConnectAsync(server.Target with { ProxyCommand = command });
        await using var process = await connection.StartAsync("cat", Token);
        await process.Input.WriteAsync(new byte[500_000], Token);
        await process.Input.DisposeAsync();
        Assert.Equal(500_000, (await SshConnectionTests.ReadAsync(process.Output)).Length);
    }

    [Fact]
    public async Task WhatAProxyCommandSaysWhenItFailsIsInTheError()
    {
        await using var server = await SshServer.StartAsync();
        var error = await Assert.ThrowsAsync<KamalException>(() => SshConnectionTests.ConnectAsync(server.Target with { ProxyCommand = "sh -c 'echo no way out >&2; exit 1'" }));
        Assert.Equal(KamalErrorId.ConnectionFailed, error.Id);
        Assert.Contains("no way out", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AHostThatNeverAnswersIsGivenUpInTime()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var target = new SshTarget("web1", "127.0.0.1", ((IPEndPoint)silent.LocalEndpoint).Port, "root") { ConnectTimeout = TimeSpan.FromSeconds(1) };
        var error = await Assert.ThrowsAsync<KamalException>(() => SshConnectionTests.ConnectAsync(target));
        Assert.Equal((KamalErrorId.TimedOut, "web1"), (error.Id, error.HostName));
    }

    [Fact]
    public async Task ACancelledConnectionEndsAtOnce()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var target = new SshTarget("web1", "127.0.0.1", ((IPEndPoint)silent.LocalEndpoint).Port, "root");
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            new Kamal.Adapters.AdapterFactory().CreateHostConnector().ConnectAsync(target, new ScriptedInteraction(), stop.Token));
    }

    [Fact]
    public async Task APortWhereNobodyListensIsAClearError()
    {
        var target = new SshTarget("web1", "127.0.0.1", SshServer.FreePort("127.0.0.1"), "root");
        var error = await Assert.ThrowsAsync<KamalException>(() => SshConnectionTests.ConnectAsync(target));
        Assert.Equal((KamalErrorId.ConnectionFailed, "web1"), (error.Id, error.HostName));
        Assert.Contains("ssh -p", error.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ANameThatNobodyKnowsIsAClearError()
    {
        var error = await Assert.ThrowsAsync<KamalException>(() => SshConnectionTests.ConnectAsync(new("web1", "nowhere.invalid", 22, "root") { DnsRetries = 1 }));
        Assert.Equal(KamalErrorId.ConnectionFailed, error.Id);
        Assert.Contains("cannot be resolved", error.Message, StringComparison.Ordinal);
        Assert.Contains("asked 2 times", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AServerThatDropsConnectionsAtFirstIsTriedAgain()
    {
        await using var server = await SshServer.StartAsync();
        using var rude = new TcpListener(IPAddress.Loopback, 0);
        rude.Start();
        var dropped = 0;
        var serving = Task.Run(async () =>
        {
            for (; dropped < 2; dropped++) (await rude.AcceptTcpClientAsync(Token)).Dispose();
            using var caller = await rude.AcceptTcpClientAsync(Token);
            using var real = new TcpClient("127.0.0.1", server.Port);
            await Task.WhenAny(caller.GetStream().CopyToAsync(real.GetStream(), Token), real.GetStream().CopyToAsync(caller.GetStream(), Token));
        }, Token);
        var target = server.Target with { Port = ((IPEndPoint)rude.LocalEndpoint).Port, HostKeyAlias = $"[127.0.0.1]:{server.Port}" };
        await (await SshConnectionTests.ConnectAsync(target)).DisposeAsync();
        await serving;
        Assert.Equal(2, dropped);
    }

    [Fact]
    public async Task MoreLoginsThanTheServerStartsAtOnceAllSucceed()
    {
        await using var server = await SshServer.StartAsync("MaxStartups 3:100:4");
        var connector = new Kamal.Adapters.AdapterFactory().CreateHostConnector();
        var connections = await Task.WhenAll(Enumerable.Range(1, 8).Select(i => connector.ConnectAsync(server.Target with { Name = $"web{i}" }, new ScriptedInteraction(), Token)));
        Assert.All(connections, connection => Assert.True(connection.IsConnected));
        foreach (var connection in connections) await connection.DisposeAsync();
    }
}
