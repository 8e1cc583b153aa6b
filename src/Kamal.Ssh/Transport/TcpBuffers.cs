using System.Net.Sockets;
using Kamal.Ssh.Interop;
using Renci.SshNet;

namespace Kamal.Ssh.Transport;

/// <summary>
/// Lets a connection have as much data on its way as the network takes. SSH.NET fixes both buffers of its socket at 134 KiB, which is
/// 1.3 MB/s at a round trip of 100 ms, and keeps the system from growing them.
/// </summary>
internal static class TcpBuffers
{
    /// <summary>The size where the system does not choose it, in bytes. More would keep a keepalive waiting for long on a slow line.</summary>
    public const int Size = 1024 * 1024;

    private const int SocketLevel = 1;
    private const int BufferLock = 72;

    /// <summary>Sets the buffers of a connection.</summary>
    /// <param name="session">SSH.NET's session.</param>
    public static void Apply(Session session)
    {
        if (SshNetInternals.SocketOf(session) is { } socket) Apply(socket);
    }

    /// <summary>Sets the buffers of a connected socket.</summary>
    public static void Apply(Socket socket)
    {
        try
        {
            if (OperatingSystem.IsLinux() && LetSystemChoose(socket)) return;
            socket.SendBufferSize = Size;
            socket.ReceiveBufferSize = Size;
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // It stays as it is. A socket that is broken says so when it is used.
        }
    }

    /// <summary>Linux 5.14 and later: SO_BUF_LOCK with neither of its bits, so that TCP grows them as needed.</summary>
    private static bool LetSystemChoose(Socket socket)
    {
        try
        {
            socket.SetRawSocketOption(SocketLevel, BufferLock, BitConverter.GetBytes(0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
