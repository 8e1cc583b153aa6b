using System.Net;
using System.Net.Sockets;
using Kamal.Ssh.Interop;
using Kamal.Ssh.Tests.Connecting;
using Kamal.Ssh.Tests.Support;
using Kamal.Ssh.Transport;
using Xunit;

namespace Kamal.Ssh.Tests.Transport;

/// <summary>The buffers of a connection's socket.</summary>
public sealed class TcpBuffersTests
{
    private const int SocketLevel = 1;
    private const int BufferLock = 72;

    [Fact]
    public async Task FixedBuffersBecomeLargerOrSystemSized()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { SendBufferSize = 137_072 };
        await socket.ConnectAsync(listener.LocalEndpoint, TestContext.Current.CancellationToken);

        TcpBuffers.Apply(socket);

        AssertGrows(socket);
    }

    [Fact]
    [Trait("Category", "Linux")]
    public async Task AConnectionDoesNotKeepTheBuffersOfSshNet()
    {
        await using var server = await SshServer.StartAsync();
        await using var connection = await SshConnectionTests.ConnectAsync(server.Target);
        AssertGrows(SshNetInternals.SocketOf(connection.Session)!);
    }

    private static void AssertGrows(Socket socket)
    {
        if (OperatingSystem.IsLinux() && Environment.OSVersion.Version >= new Version(5, 14))
        {
            var locks = new byte[4];
            socket.GetRawSocketOption(SocketLevel, BufferLock, locks);
            Assert.Equal(0, BitConverter.ToInt32(locks));
        }
        else
        {
            // The system may cap the size; it must still differ from SSH.NET's.
            Assert.True(socket.SendBufferSize > 137_072, $"{socket.SendBufferSize} bytes");
        }
    }
}
