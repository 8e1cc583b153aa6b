using System.Net;
using System.Net.Sockets;
using Kamal.Ssh.Interop;
using Kamal.Ssh.Tests.Connecting;
using Kamal.Ssh.Tests.Support;
using Kamal.Ssh.Transport;
using Xunit;

namespace Kamal.Ssh.Tests.Transport;

/// <summary>How much a connection may have on its way.</summary>
public sealed class TcpBuffersTests
{
    private const int SocketLevel = 1;
    private const int BufferLock = 72;

    [Fact]
    public async Task ASocketWithFixedBuffersGetsLargerOnesOrThoseOfTheSystem()
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
    public async Task AConnectionsBuffersAreNotThoseThatSshNetFixes()
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
            // A system with a lower limit takes what it allows; it must not be SSH.NET's own.
            Assert.True(socket.SendBufferSize > 137_072, $"{socket.SendBufferSize} bytes");
        }
    }
}
