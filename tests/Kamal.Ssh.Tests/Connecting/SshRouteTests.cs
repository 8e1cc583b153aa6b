using System.Net;
using System.Net.Sockets;
using Kamal.Ssh.Connecting;
using Kamal.Ssh.Targets;
using Kamal.Ssh.Tests.Support;
using Xunit;

namespace Kamal.Ssh.Tests.Connecting;

/// <summary>Ways to a host: through others, through programs, through bad networks.</summary>
[Trait("Category", "Linux")]
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
        await using var process = await connection.StartAsync("echo through", null, Token);
        Assert.Equal("through\n", await SshConnectionTests.ReadAsync(process.Output));
        Assert.Equal((1, 1, 1), (first.Connections, second.Connections, server.Connections));
    }

    [Fact]
    public async Task SeveralHostsShareOneConnectionToTheirJumpHost()
    {
        await using var jump = await SshServer.StartAsync("MaxSessions 10");
        await using var server = await SshServer.StartAsync();
        var connector = new SshConnector();
        var connections = await Task.WhenAll(Enumerable.Range(1, 12).Select(i =>
            connector.ConnectAsync(server.Target with { Name = $"web{i}", Jump = jump.Target }, new ScriptedInteraction(), Token)));
        Assert.Equal((1, 12), (jump.Connections, server.Connections));
        foreach (var connection in connections)
        {
            await using var process = await connection.StartAsync("echo $((6*7))", null, Token);
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
        var error = await Assert.ThrowsAsync<SshClientException>(() => SshConnectionTests.ConnectAsync(target));
        Assert.Equal((SshFailureReason.ConnectionFailed, "web1"), (error.Reason, error.HostName));
        Assert.Contains("through " + target.Jump, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AJumpHostThatFailsIsTheFailureOfEachHostBehindIt()
    {
        await using var server = await SshServer.StartAsync();
        var connector = new SshConnector();
        var jump = server.Target with { Name = "bastion", Port = SshServer.FreePort("127.0.0.1") };
        foreach (var name in new[] { "web1", "web2" })
        {
            var error = await Assert.ThrowsAsync<SshClientException>(() =>
                connector.ConnectAsync(server.Target with { Name = name, Jump = jump }, new ScriptedInteraction(), Token));
            Assert.Equal((SshFailureReason.Refused, name), (error.Reason, error.HostName));
            Assert.StartsWith(
                $"{name}: its jump host cannot be used. bastion: could not connect to {jump}", error.Message,
                StringComparison.Ordinal);
        }

        jump = server.Target with { Name = "bastion", IdentityFiles = [server.Key("wrong")] };
        var refused = await Assert.ThrowsAsync<SshClientException>(() =>
            connector.ConnectAsync(server.Target with { Jump = jump }, new ScriptedInteraction(), Token));
        Assert.Equal((SshFailureReason.AuthenticationFailed, "web1"), (refused.Reason, refused.HostName));
        Assert.Contains("ssh -p", refused.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AProxyCommandIsTheConnection()
    {
        await using var server = await SshServer.StartAsync();
        var command = $"ssh -F none -i {server.UserKey} -o UserKnownHostsFile={server.KnownHosts} -p {server.Port} -W " +
            $"127.0.0.1:{server.Port} 127.0.0.1";
        await using var connection = await SshConnectionTests.ConnectAsync(server.Target with { ProxyCommand = command });
        await using var process = await connection.StartAsync("cat", null, Token);
        await process.Input.WriteAsync(new byte[500_000], Token);
        await process.Input.DisposeAsync();
        Assert.Equal(500_000, (await SshConnectionTests.ReadAsync(process.Output)).Length);
    }

    [Fact]
    public async Task WhatAProxyCommandSaysWhenItFailsIsInTheError()
    {
        await using var server = await SshServer.StartAsync();
        var error = await Assert.ThrowsAsync<SshClientException>(() =>
            SshConnectionTests.ConnectAsync(server.Target with { ProxyCommand = "sh -c 'echo no way out >&2; exit 1'" }));
        Assert.Equal(SshFailureReason.ConnectionFailed, error.Reason);
        Assert.Contains("no way out", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AHostThatNeverAnswersIsGivenUpInTime()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var target = new SshTarget("web1", "127.0.0.1", ((IPEndPoint)silent.LocalEndpoint).Port, "root")
        {
            ConnectTimeout = TimeSpan.FromSeconds(1),
        };
        var error = await Assert.ThrowsAsync<SshClientException>(() => SshConnectionTests.ConnectAsync(target));
        Assert.Equal((SshFailureReason.TimedOut, "web1"), (error.Reason, error.HostName));
    }

    [Fact]
    public async Task ACancelledConnectionEndsAtOnce()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var target = new SshTarget("web1", "127.0.0.1", ((IPEndPoint)silent.LocalEndpoint).Port, "root");
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            new SshConnector().ConnectAsync(target, new ScriptedInteraction(), stop.Token));
    }

    [Theory]
    [InlineData(50, "")]
    [InlineData(20, "SSH-2.0-Silent\r\n")]
    public async Task CancellingSilentHostsLeavesNoConnectionBehind(int hosts, string banner)
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start(100);
        var callers = new List<Socket>();
        var accepting = Task.Run(async () =>
        {
            while (callers.Count < hosts)
            {
                var caller = await silent.AcceptSocketAsync(Token);
                await caller.SendAsync(System.Text.Encoding.ASCII.GetBytes(banner), Token);
                callers.Add(caller);
            }
        }, Token);
        var connector = new SshConnector();
        using var stop = new CancellationTokenSource();
        var target = new SshTarget("web", "127.0.0.1", ((IPEndPoint)silent.LocalEndpoint).Port, "root")
        {
            IdentityAgent = "none",
            ConnectTimeout = TimeSpan.FromMinutes(5),
        };
        var connections = Enumerable.Range(1, hosts)
            .Select(i => connector.ConnectAsync(target with { Name = $"web{i}" }, new ScriptedInteraction(), stop.Token))
            .ToList();
        await accepting;

        await stop.CancelAsync();

        foreach (var connection in connections) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connection);
        // The test's own limit is shorter than the hosts' five minutes.
        foreach (var caller in callers)
        {
            await ReadToEndAsync(caller);
            caller.Dispose();
        }
    }

    [Fact]
    public async Task NobodyWaitsForASilentJumpHostThatNobodyWantsAnyMore()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var connector = new SshConnector();
        var jump = new SshTarget("bastion", "127.0.0.1", ((IPEndPoint)silent.LocalEndpoint).Port, "root")
        {
            IdentityAgent = "none",
            ConnectTimeout = TimeSpan.FromMinutes(5),
        };
        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();
        var one = connector.ConnectAsync(
            new SshTarget("web1", "127.0.0.1", 22, "root") { Jump = jump }, new ScriptedInteraction(), first.Token);
        var two = connector.ConnectAsync(
            new SshTarget("web2", "127.0.0.1", 22, "root") { Jump = jump }, new ScriptedInteraction(), second.Token);
        using var caller = await silent.AcceptSocketAsync(Token);

        await first.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one.WaitAsync(TimeSpan.FromMinutes(1), Token));
        Assert.False(two.IsCompleted);
        await second.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => two.WaitAsync(TimeSpan.FromMinutes(1), Token));
        await ReadToEndAsync(caller);
    }

    [Theory]
    [InlineData("127.0.0.9", null)]
    [InlineData(null, "lo")]
    [InlineData("localhost", null)]
    public async Task TheLocalAddressIsTheOneThatIsNamed(string? address, string? network)
    {
        await using var server = await SshServer.StartAsync();
        await using var connection = await SshConnectionTests.ConnectAsync(
            server.Target with { BindAddress = address, BindInterface = network });
        await using var process = await connection.StartAsync("echo $SSH_CLIENT", null, Token);
        Assert.StartsWith(
            address == "127.0.0.9" ? "127.0.0.9 " : "127.0.0.1 ", await SshConnectionTests.ReadAsync(process.Output),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("::1", null, "BindAddress")]
    [InlineData("nowhere.invalid", null, "BindAddress")]
    [InlineData(null, "none7", "BindInterface")]
    public async Task ALocalAddressThatThereIsNotIsAClearError(string? address, string? network, string keyword)
    {
        await using var server = await SshServer.StartAsync();
        var error = await Assert.ThrowsAsync<SshClientException>(() =>
            SshConnectionTests.ConnectAsync(server.Target with { BindAddress = address, BindInterface = network }));
        Assert.Equal((SshFailureReason.ConnectionFailed, "web1"), (error.Reason, error.HostName));
        Assert.Contains($"'{address ?? network}' of ssh_config's {keyword}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AJumpHostIsReachedFromTheLocalAddressThatIsNamed()
    {
        await using var jump = await SshServer.StartAsync();
        await using var server = await SshServer.StartAsync();
        await using var connection = await SshConnectionTests.ConnectAsync(
            server.Target with { BindAddress = "127.0.0.8", Jump = jump.Target with { BindAddress = "127.0.0.9" } });
        Assert.Contains("Connection from 127.0.0.9 ", jump.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("Connection from 127.0.0.8 ", server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DataIsCompressedOnDemand()
    {
        await using var server = await SshServer.StartAsync("LogLevel DEBUG");
        await (await SshConnectionTests.ConnectAsync(server.Target)).DisposeAsync();
        Assert.DoesNotContain("compression: zlib@openssh.com", server.Log, StringComparison.Ordinal);
        await using var connection = await SshConnectionTests.ConnectAsync(server.Target with { Compression = true });
        await using var process = await connection.StartAsync("cat", null, Token);
        await process.Input.WriteAsync(new byte[500_000], Token);
        await process.Input.DisposeAsync();
        Assert.Equal(500_000, (await SshConnectionTests.ReadAsync(process.Output)).Length);
        Assert.Contains("compression: zlib@openssh.com", server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task APortWhereNobodyListensIsAClearError()
    {
        var target = new SshTarget("web1", "127.0.0.1", SshServer.FreePort("127.0.0.1"), "root");
        var error = await Assert.ThrowsAsync<SshClientException>(() => SshConnectionTests.ConnectAsync(target));
        Assert.Equal((SshFailureReason.Refused, "web1"), (error.Reason, error.HostName));
        Assert.Contains("ssh -p", error.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ANameThatNobodyKnowsIsAClearError()
    {
        var error = await Assert.ThrowsAsync<SshClientException>(() =>
            SshConnectionTests.ConnectAsync(new("web1", "nowhere.invalid", 22, "root") { DnsRetries = 1 }));
        Assert.Equal(SshFailureReason.NameUnknown, error.Reason);
        Assert.Contains("cannot be resolved", error.Message, StringComparison.Ordinal);
        Assert.Contains("tried 2 times", error.Message, StringComparison.Ordinal);
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
            await Task.WhenAny(
                caller.GetStream().CopyToAsync(real.GetStream(), Token), real.GetStream().CopyToAsync(caller.GetStream(), Token));
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
        var connector = new SshConnector();
        var connections = await Task.WhenAll(Enumerable.Range(1, 8)
            .Select(i => connector.ConnectAsync(server.Target with { Name = $"web{i}" }, new ScriptedInteraction(), Token)));
        Assert.All(connections, connection => Assert.True(connection.IsConnected));
        foreach (var connection in connections) await connection.DisposeAsync();
    }

    /// <summary>Reads until the other side closes.</summary>
    private static async Task ReadToEndAsync(Socket socket)
    {
        var buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer, Token) > 0)
            {
            }
        }
        catch (SocketException)
        {
            return;
        }
    }
}
