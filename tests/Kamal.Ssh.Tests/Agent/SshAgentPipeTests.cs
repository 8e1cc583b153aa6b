using System.IO.Pipes;
using System.Net.Sockets;
using Kamal.Ssh.Agent;
using Kamal.Ssh.Tests.Connecting;
using Kamal.Ssh.Tests.Support;
using Xunit;

namespace Kamal.Ssh.Tests.Agent;

/// <summary>
/// Agents behind named pipes, as on Windows. .NET has such pipes on every system, so the way through one is tested here too.
/// </summary>
[Trait("Category", "Linux")]
public sealed class SshAgentPipeTests
{
    private const string Hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789ABCDEF";
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(@"\\.\pipe\{0}")]
    [InlineData("//./pipe/{0}")]
    [InlineData(@"\.\pipe\{0}")]
    public async Task AnAgentBehindAPipeLogsIn(string address)
    {
        await using var server = await SshServer.StartAsync();
        using var agent = new SshAgentProcess(server.Folder);
        agent.Add(server.Key("another"));
        agent.Add(server.AddKey("rsa", []));
        var name = "kamal-" + Path.GetFileName(server.Folder);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var serving = ServeAsync(name, agent.Address, stop.Token);

        var target = server.Target with
        {
            IdentityFiles = [],
            IdentitiesOnly = false,
            IdentityAgent = string.Format(System.Globalization.CultureInfo.InvariantCulture, address, name),
        };
        for (var i = 0; i < 2; i++)
        {
            await using var connection = await SshConnectionTests.ConnectAsync(target);
            Assert.True(connection.IsConnected);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving);
    }

    [Fact]
    public async Task APipeThatNobodyMadeIsNoAgent() =>
        await Assert.ThrowsAnyAsync<IOException>(() => AgentClient.ConnectAsync(@"\\.\pipe\kamal-nobody-" + Guid.NewGuid(), Token));

    [Fact]
    public void WindowsOwnAgentComesFirstAndThenPageant()
    {
        var mine = $@"\\.\pipe\pageant.{Environment.UserName}.{Hash}";
        Assert.Equal(
            [@"\\.\pipe\openssh-ssh-agent", mine], Find("lsass", mine, $@"\\.\pipe\pageant.somebody.{Hash}", "OpenSSH-SSH-Agent"),
            StringComparer.OrdinalIgnoreCase);
        // The name in the directory need not be the account's.
        Assert.Equal([$@"\\.\pipe\pageant.jane.doe.{Hash}"], Find($"pageant.jane.doe.{Hash}"));
        Assert.Empty(Find("pageant.jane", "pageant.jane.xyz", $"other.pageant.jane.{Hash}", "openssh-ssh-agent-2"));
    }

    [Fact]
    public void PipesThatCannotBeListedDoNotEndALogin() =>
        Assert.Empty(AgentAddress.Candidates(null, _ => null, () => throw new IOException("Bad device type.")));

    [Theory]
    [InlineData("/tmp/ssh-x/agent.7", true, true)]
    [InlineData("/tmp/ssh-x/agent.7", false, false)]
    [InlineData("/tmp/other", true, false)]
    [InlineData(@"\\.\pipe\mine", true, false)]
    public void AVariableOfGitBashThatHidesTheAgentOfWindowsIsNamed(string address, bool hasPipe, bool isNamed)
    {
        var text = AgentAddress.Explain(address, _ => address == "/tmp/other" ? null : address, pipe =>
            hasPipe && pipe == @"\\.\pipe\openssh-ssh-agent");
        Assert.Equal(
            isNamed
                ? ", which the variable SSH_AUTH_SOCK names (Git Bash sets it); remove the variable to use the agent of Windows"
                : "",
            text);
    }

    [Theory]
    [InlineData(@"\\.\pipe\openssh-ssh-agent", "openssh-ssh-agent")]
    [InlineData("//./pipe/pageant.jane.12ab", "pageant.jane.12ab")]
    [InlineData(@"\\.\PIPE\x", "x")]
    [InlineData("/run/user/1000/agent.sock", null)]
    [InlineData("/./pipeline/agent.sock", null)]
    [InlineData(@"C:\pipe\agent.sock", null)]
    public void WhatIsAPipe(string address, string? name) => Assert.Equal(name, AgentAddress.PipeName(address));

    private static IReadOnlyList<string> Find(params string[] pipes) => AgentAddress.Candidates(null, _ => null, () => pipes);

    /// <summary>Passes on what comes through a pipe to an agent's socket.</summary>
    private static async Task ServeAsync(string name, string socket, CancellationToken cancellationToken)
    {
        var next = Listen();
        try
        {
            while (true)
            {
                await next.WaitForConnectionAsync(cancellationToken);
                var caller = next;
                // As Windows' own agent: somebody listens while others are served.
                next = Listen();
                _ = RelayAsync(caller);
            }
        }
        finally
        {
            await next.DisposeAsync();
        }

        NamedPipeServerStream Listen() => new(
            name, PipeDirection.InOut, NamedPipeServerStream.MaxAllowedServerInstances, PipeTransmissionMode.Byte,
            PipeOptions.Asynchronous);

        async Task RelayAsync(NamedPipeServerStream pipe)
        {
            await using var caller = pipe;
            using var agent = new Socket(System.Net.Sockets.AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await agent.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellationToken);
            await using var stream = new NetworkStream(agent);
            await Task.WhenAny(caller.CopyToAsync(stream, cancellationToken), stream.CopyToAsync(caller, cancellationToken));
        }
    }
}
