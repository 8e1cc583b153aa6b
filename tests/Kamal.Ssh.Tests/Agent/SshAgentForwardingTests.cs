using Kamal.Ssh.Connecting;
using Kamal.Ssh.Tests.Connecting;
using Kamal.Ssh.Tests.Support;
using Xunit;

namespace Kamal.Ssh.Tests.Agent;

/// <summary>A real agent here, used by real clients behind a real sshd.</summary>
[Trait("Category", "Linux")]
public sealed class SshAgentForwardingTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task CommandsOnTheHostSeeTheAgentsKeysAndSignWithThem()
    {
        await using var server = await SshServer.StartAsync();
        using var agent = new SshAgentProcess(server.Folder);
        agent.Add(server.Key("forwarded"));
        await using var connection = await SshConnectionTests.ConnectAsync(
            server.Target with { ForwardAgent = true, ForwardedAgent = agent.Address });

        Assert.Equal(
            await File.ReadAllTextAsync(Path.Combine(server.Folder, "forwarded.pub"), Token),
            await RunAsync(connection, "ssh-add -L"));
        Assert.Equal("0", await RunAsync(connection, $"ssh-add -T {server.Folder}/forwarded.pub >/dev/null 2>&1; printf $?"));
        Assert.Empty(connection.TakeWarnings());
    }

    [Fact]
    public async Task TheAgentThatLogsInIsTheOneForwarded()
    {
        await using var server = await SshServer.StartAsync();
        using var agent = new SshAgentProcess(server.Folder);
        agent.Add(server.UserKey);
        var target = server.Target with { IdentityFiles = [], IdentitiesOnly = false, IdentityAgent = agent.Address, ForwardAgent = true };
        await using var connection = await SshConnectionTests.ConnectAsync(target);

        Assert.Equal(await File.ReadAllTextAsync(server.UserKey + ".pub", Token), await RunAsync(connection, "ssh-add -L"));
    }

    [Fact]
    public async Task ManyClientsAtOnceAreServedAlsoAfterKeysWereExchangedAnew()
    {
        await using var server = await SshServer.StartAsync("RekeyLimit 256K");
        using var agent = new SshAgentProcess(server.Folder);
        agent.Add(server.Key("forwarded"));
        await using var connection = await SshConnectionTests.ConnectAsync(
            server.Target with { ForwardAgent = true, ForwardedAgent = agent.Address });

        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(1_000_000, (await RunAsync(connection, "head -c 1000000 /dev/zero | tr '\\0' x")).Length);
            var listings = await Task.WhenAll(Enumerable.Range(0, 5)
                .Select(_ => RunAsync(connection, "ssh-add -L | wc -l | tr -d ' \\n'")));
            Assert.All(listings, listing => Assert.Equal("1", listing));
        }
    }

    [Fact]
    public async Task NothingIsForwardedUnlessAskedFor()
    {
        await using var server = await SshServer.StartAsync();
        using var agent = new SshAgentProcess(server.Folder);
        agent.Add(server.UserKey);
        await using var connection = await SshConnectionTests.ConnectAsync(server.Target with { IdentityAgent = agent.Address });

        Assert.Equal("none", await RunAsync(connection, "printf '%s' \"${SSH_AUTH_SOCK:-none}\""));
    }

    [Fact]
    public async Task AServerThatForbidsItRunsTheCommandAndTheOperatorIsToldOnce()
    {
        await using var server = await SshServer.StartAsync("AllowAgentForwarding no");
        using var agent = new SshAgentProcess(server.Folder);
        await using var connection = await SshConnectionTests.ConnectAsync(
            server.Target with { ForwardAgent = true, ForwardedAgent = agent.Address });

        Assert.Equal("ran", await RunAsync(connection, "printf ran"));
        Assert.Equal("ran", await RunAsync(connection, "printf ran"));

        var warning = Assert.Single(connection.TakeWarnings());
        Assert.Contains("web1: the server refuses to forward the SSH agent", warning, StringComparison.Ordinal);
        Assert.Empty(connection.TakeWarnings());
    }

    [Fact]
    public async Task WithoutAnAgentHereTheOperatorIsTold()
    {
        await using var server = await SshServer.StartAsync();
        await using var connection = await SshConnectionTests.ConnectAsync(
            server.Target with { ForwardAgent = true, IdentityAgent = "none" });

        Assert.Equal("none", await RunAsync(connection, "printf '%s' \"${SSH_AUTH_SOCK:-none}\""));
        Assert.Contains("there is none here", Assert.Single(connection.TakeWarnings()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAgentThatIsGoneFailsTheClientThereAndNothingElse()
    {
        await using var server = await SshServer.StartAsync();
        await using var connection = await SshConnectionTests.ConnectAsync(
            server.Target with { ForwardAgent = true, ForwardedAgent = Path.Combine(server.Folder, "nobody.sock") });

        Assert.Equal("failed", await RunAsync(connection, "ssh-add -L >/dev/null 2>&1 || printf failed"));
        Assert.Equal("still here", await RunAsync(connection, "printf 'still here'"));
    }

    private static async Task<string> RunAsync(SshConnection connection, string command)
    {
        await using var process = await connection.StartAsync(command, null, Token);
        await process.Input.DisposeAsync();
        var output = await SshConnectionTests.ReadAsync(process.Output);
        await process.Completion;
        return output;
    }
}
