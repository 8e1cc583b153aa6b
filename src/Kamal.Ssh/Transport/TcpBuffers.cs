using System.Net.Sockets;
using Kamal.Ssh.Interop;
using Renci.SshNet;

namespace Kamal.Ssh.Transport;

/// <summary>
/// Lets the system size the buffers of a connection's socket. SSH.NET fixes both at 134 KiB, which limits a connection to 1.3 MB/s at a
/// round trip of 100 ms.
/// </summary>
internal static class TcpBuffers
{
    /// <summary>
    /// The size if the system does not choose it, in bytes. With larger buffers, a keep-alive would wait long on a slow line.
    /// </summary>
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
            // The buffers stay as they are. A broken socket fails when it is used.
        }
    }

    /// <summary>Linux 5.14 and later: clears both bits of SO_BUF_LOCK, so that TCP sizes the buffers as needed.</summary>
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
