using System.Net;
using System.Net.Sockets;
using System.Text;
using Kamal.Ssh.Algorithms;
using Kamal.Ssh.Connecting;
using Kamal.Ssh.Targets;
using Kamal.Ssh.Tests.Support;
using Renci.SshNet;
using Xunit;

namespace Kamal.Ssh.Tests.Connecting;

/// <summary>Connections to a real sshd.</summary>
[Trait("Category", "Linux")]
public sealed class SshConnectionTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunsACommandWithInputOutputErrorsAndExitCode()
    {
        await using var server = await SshServer.StartAsync();
        await using var connection = await ConnectAsync(server.Target);

        await using var process = await connection.StartAsync("cat; echo oops >&2; exit 3", null, Token);
        await process.Input.WriteAsync("hello"u8.ToArray(), Token);
        await process.Input.DisposeAsync();
        var output = await ReadAsync(process.Output);
        var errors = await ReadAsync(process.ErrorOutput);

        Assert.Equal(("hello", "oops\n", 3), (output, errors, await process.Completion));
    }

    [Theory]
    [InlineData("Ciphers aes128-gcm@openssh.com")]
    [InlineData("Ciphers aes256-gcm@openssh.com")]
    [InlineData("Ciphers chacha20-poly1305@openssh.com")]
    [InlineData("Ciphers aes128-ctr", "MACs hmac-sha2-256")]
    [InlineData("Ciphers aes192-ctr", "MACs hmac-sha2-512")]
    [InlineData("Ciphers aes256-ctr", "MACs hmac-sha2-256-etm@openssh.com")]
    [InlineData("Ciphers aes256-ctr", "MACs hmac-sha2-512-etm@openssh.com")]
    [InlineData("KexAlgorithms curve25519-sha256")]
    [InlineData("KexAlgorithms curve25519-sha256@libssh.org")]
    [InlineData("KexAlgorithms ecdh-sha2-nistp256")]
    [InlineData("KexAlgorithms ecdh-sha2-nistp384")]
    [InlineData("KexAlgorithms ecdh-sha2-nistp521")]
    [InlineData("KexAlgorithms sntrup761x25519-sha512@openssh.com")]
    [InlineData("KexAlgorithms diffie-hellman-group14-sha256")]
    [InlineData("KexAlgorithms diffie-hellman-group16-sha512")]
    [InlineData("KexAlgorithms diffie-hellman-group18-sha512")]
    [InlineData("RekeyLimit 256K")]
    public async Task MegabytesGoBothWaysUnchangedWith(params string[] settings)
    {
        await using var server = await SshServer.StartAsync(settings);
        await using var connection = await ConnectAsync(server.Target);
        var bytes = new byte[3_000_000];
        new Random(1).NextBytes(bytes);

        await using var process = await connection.StartAsync("cat", null, Token);
        var output = new MemoryStream();
        var reading = process.Output.CopyToAsync(output, Token);
        await process.Input.WriteAsync(bytes, Token);
        await process.Input.DisposeAsync();
        await reading;

        Assert.True(bytes.AsSpan().SequenceEqual(output.ToArray()));
        Assert.Equal(0, await process.Completion);
    }

    [Theory]
    [InlineData("KexAlgorithms curve25519-sha256,sntrup761x25519-sha512@openssh.com", "sntrup761x25519-sha512@openssh.com")]
    [InlineData("KexAlgorithms ecdh-sha2-nistp256,curve25519-sha256", "curve25519-sha256")]
    [InlineData("KexAlgorithms ecdh-sha2-nistp521,ecdh-sha2-nistp384,ecdh-sha2-nistp256", "ecdh-sha2-nistp256")]
    [InlineData("KexAlgorithms diffie-hellman-group16-sha512,ecdh-sha2-nistp521", "ecdh-sha2-nistp521")]
    public async Task TheKeyExchangeIsTheFirstOfOpenSshsOrderThatBothHave(string setting, string expected)
    {
        await using var server = await SshServer.StartAsync(setting, "LogLevel DEBUG");
        await (await ConnectAsync(server.Target)).DisposeAsync();
        Assert.Contains("kex: algorithm: " + expected, server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public void OffersKeyExchangesInOpenSshsOrder()
    {
        // The newest is not in every OpenSSH that runs these tests, so the list itself is looked at.
        var info = new ConnectionInfo("192.0.2.1", "root", new NoneAuthenticationMethod("root"));
        AlgorithmSelection.Apply(new("192.0.2.1", "192.0.2.1", 22, "root"), info);

        Assert.Equal(
            [
                "mlkem768x25519-sha256", "sntrup761x25519-sha512", "sntrup761x25519-sha512@openssh.com", "curve25519-sha256",
                "curve25519-sha256@libssh.org",
                "ecdh-sha2-nistp256", "ecdh-sha2-nistp384", "ecdh-sha2-nistp521",
            ],
            info.KeyExchangeAlgorithms.Keys.Take(8));
    }

    [Fact]
    public async Task ForwardsAPortOfTheHostToThisMachine()
    {
        await using var server = await SshServer.StartAsync();
        await using var connection = await ConnectAsync(server.Target);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var local = ((IPEndPoint)listener.LocalEndpoint).Port;
        var remote = SshServer.FreePort("127.0.0.1");

        await using (await connection.ForwardRemotePortAsync(remote, "127.0.0.1", local, Token))
        {
            using var caller = new TcpClient();
            await caller.ConnectAsync("127.0.0.1", remote, Token);
            using var answerer = await listener.AcceptTcpClientAsync(Token);
            var (question, answer) = (caller.GetStream(), answerer.GetStream());
            await question.WriteAsync("ping"u8.ToArray(), Token);
            Assert.Equal("ping", await ReadAsync(answer, 4));
            await answer.WriteAsync("pong"u8.ToArray(), Token);
            Assert.Equal("pong", await ReadAsync(question, 4));
        }

        using var late = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(() => late.ConnectAsync("127.0.0.1", remote, Token).AsTask());
    }

    [Fact]
    public async Task Clients_of_a_port_on_the_host_are_served_here_until_the_listener_ends()
    {
        await using var server = await SshServer.StartAsync();
        await using var connection = await ConnectAsync(server.Target);
        static async Task EchoAsync(Stream stream, CancellationToken stop)
        {
            var buffer = new byte[100_000];
            for (int size; (size = await stream.ReadAsync(buffer, stop)) > 0;) await stream.WriteAsync(buffer.AsMemory(0, size), stop);
        }

        int port;
        using var waiting = new TcpClient();
        await using (var listener = await connection.ListenAsync(EchoAsync, Token))
        await using (var another = await connection.ListenAsync(
            (stream, stop) => stream.WriteAsync("other"u8.ToArray(), stop).AsTask(), Token))
        {
            port = listener.Port;
            Assert.NotEqual(port, another.Port);
            await waiting.ConnectAsync("127.0.0.1", port, Token);
            await waiting.GetStream().WriteAsync("ping"u8.ToArray(), Token);
            Assert.Equal("ping", await ReadAsync(waiting.GetStream(), 4));
            using var second = new TcpClient();
            await second.ConnectAsync("127.0.0.1", another.Port, Token);
            Assert.Equal("other", await ReadAsync(second.GetStream(), 5));
            Assert.Equal(0, await second.GetStream().ReadAsync(new byte[1], Token));
            // More than the windows of both sides, while commands go on.
            var sent = new byte[5_000_000];
            Random.Shared.NextBytes(sent);
            var received = new byte[sent.Length];
            await Task.WhenAll(
                waiting.GetStream().WriteAsync(sent, Token).AsTask(), waiting.GetStream().ReadExactlyAsync(received, Token).AsTask());
            Assert.Equal(sent, received);
        }

        Assert.Equal(0, await waiting.GetStream().ReadAsync(new byte[1], Token));
        using var late = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(() => late.ConnectAsync("127.0.0.1", port, Token).AsTask());
        await using var process = await connection.StartAsync("echo fine", null, Token);
        Assert.Equal("fine", (await new StreamReader(process.Output).ReadToEndAsync(Token)).Trim());
    }

    [Fact]
    public async Task A_server_that_forbids_forwarding_refuses_to_listen()
    {
        await using var server = await SshServer.StartAsync("AllowTcpForwarding no");
        await using var connection = await ConnectAsync(server.Target);
        var failure = await Assert.ThrowsAsync<SshClientException>(() => connection.ListenAsync((_, _) => Task.CompletedTask, Token));
        Assert.Contains("refused to listen", failure.Message, StringComparison.Ordinal);
        Assert.Contains("AllowTcpForwarding", failure.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AConnectionThatDropsEndsItsCommandsAndSaysSo()
    {
        await using var server = await SshServer.StartAsync();
        await using var connection = await ConnectAsync(server.Target);
        await using var process = await connection.StartAsync("echo started; sleep 60", null, Token);
        var buffer = new byte[100];
        Assert.Equal(8, await process.Output.ReadAsync(buffer, Token));

        server.DropConnections();

        await Assert.ThrowsAnyAsync<IOException>(async () => await process.Output.ReadExactlyAsync(buffer, Token));
        Assert.Null(await process.Completion);
        Assert.False(connection.IsConnected);
        var failure = await Assert.ThrowsAsync<SshClientException>(() => connection.StartAsync("true", null, Token));
        Assert.Equal((SshFailureReason.ConnectionFailed, "web1"), (failure.Reason, failure.HostName));
    }

    [Fact]
    public async Task ManyCommandsRunAtOnceOnOneConnection()
    {
        await using var server = await SshServer.StartAsync();
        await using var connection = await ConnectAsync(server.Target);

        var outputs = await Task.WhenAll(Enumerable.Range(0, 10).Select(async i =>
        {
            await using var process = await connection.StartAsync($"echo {i}", null, Token);
            return await ReadAsync(process.Output);
        }));

        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i}\n"), outputs);
    }

    [Fact]
    public async Task AServerThatAllowsOneChannelGetsOneAndASecondIsAClearError()
    {
        await using var server = await SshServer.StartAsync("MaxSessions 1");
        await using var connection = await ConnectAsync(server.Target);
        await using var process = await connection.StartAsync("cat", null, Token);

        var failure = await Assert.ThrowsAsync<SshClientException>(() => connection.StartAsync("true", null, Token));
        await process.Input.DisposeAsync();

        Assert.Equal(SshFailureReason.ConnectionFailed, failure.Reason);
        Assert.Contains("no session could be opened", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, await process.Completion);
    }

    [Fact]
    public async Task OutputThatNobodyReadsStopsTheCommandInsteadOfFillingMemory()
    {
        await using var server = await SshServer.StartAsync();
        await using var connection = await ConnectAsync(server.Target);
        var mark = Path.Combine(server.Folder, "written");

        await using var process = await connection.StartAsync($"head -c 20000000 /dev/zero; touch {mark}", null, Token);
        await using var other = await connection.StartAsync("echo free", null, Token);
        Assert.Equal("free\n", await ReadAsync(other.Output));
        await Task.Delay(500, Token);
        Assert.False(File.Exists(mark));

        Assert.Equal(20_000_000, (await ReadAsync(process.Output)).Length);
        Assert.Equal(0, await process.Completion);
        Assert.True(File.Exists(mark));
    }

    [Fact]
    public async Task VariablesReachTheCommandsWhereTheServerAcceptsThem()
    {
        await using var server = await SshServer.StartAsync("AcceptEnv KAMAL_TEST_*");
        var target = server.Target with { Environment = [new("KAMAL_TEST_A", "a b"), new("OTHER", "x"), new("KAMAL_TEST_B", "$HOME")] };
        await using var connection = await ConnectAsync(target);

        await using var process = await connection.StartAsync(
            "printf '%s|%s|%s' \"$KAMAL_TEST_A\" \"$KAMAL_TEST_B\" \"$OTHER\"", null, Token);

        Assert.Equal("a b|$HOME|", await ReadAsync(process.Output));
    }

    [Fact]
    public async Task ACommandThatIsLeftIsClosedOnTheHost()
    {
        await using var server = await SshServer.StartAsync("MaxSessions 1");
        await using var connection = await ConnectAsync(server.Target);
        var process = await connection.StartAsync("cat", null, Token);
        await process.DisposeAsync();

        // The only session is free again; the server may need a moment to see that.
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await using var next = await connection.StartAsync("echo next", null, Token);
                Assert.Equal("next\n", await ReadAsync(next.Output));
                return;
            }
            catch (SshClientException) when (attempt < 100)
            {
                await Task.Delay(50, Token);
            }
        }
    }

    private static async Task<string> ReadAsync(Stream stream, int count)
    {
        var buffer = new byte[count];
        await stream.ReadExactlyAsync(buffer, Token);
        return Encoding.UTF8.GetString(buffer);
    }

    internal static Task<SshConnection> ConnectAsync(SshTarget target, ISshInteraction? interaction = null) =>
        new SshConnector().ConnectAsync(target, interaction ?? new ScriptedInteraction(), Token);

    internal static async Task<string> ReadAsync(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8, leaveOpen: true);
        return await reader.ReadToEndAsync(Token);
    }
}
