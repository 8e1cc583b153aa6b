using System.Net.Sockets;
using Kamal.Ssh.Interop;
using Kamal.Ssh.Targets;
using Renci.SshNet;

namespace Kamal.Ssh.Transport;

/// <summary>
/// Lets TCP detect a peer that is gone, also during the login; afterwards KeepAlive probes through SSH.
/// By default, TCP takes a quarter of an hour.
/// </summary>
internal static class TcpTimeouts
{
    private const int TcpLevel = 6;
    private const int TcpUserTimeout = 18;

    /// <summary>Sets the limits of a target's connection.</summary>
    /// <param name="session">SSH.NET's session.</param>
    public static void Apply(Session session, SshTarget target)
    {
        if (SshNetInternals.SocketOf(session) is not { } socket) return;
        if (target.TcpKeepAlive) Set(socket, SocketOptionLevel.Socket, SocketOptionName.KeepAlive, 1);
        if (target.KeepAliveInterval <= TimeSpan.Zero) return;
        var seconds = (int)Math.Ceiling(target.KeepAliveInterval.TotalSeconds);
        Set(socket, SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, seconds);
        Set(socket, SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, seconds);
        Set(socket, SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Math.Clamp(target.KeepAliveCount, 1, 100));
        if (!OperatingSystem.IsLinux()) return;
        // tcp(7): how long what was sent may stay unacknowledged, in milliseconds; keepalive alone says nothing while data is on its way.
        var limit = checked((int)Math.Min(int.MaxValue, seconds * 1000L * (Math.Max(1, target.KeepAliveCount) + 1)));
        socket.SetRawSocketOption(TcpLevel, TcpUserTimeout, BitConverter.GetBytes(limit));
    }

    /// <summary>Sets an option that a system may lack, such as an old Windows: SSH's own keepalive does not need it.</summary>
    private static void Set(Socket socket, SocketOptionLevel level, SocketOptionName name, int value)
    {
        try
        {
            socket.SetSocketOption(level, name, value);
        }
        catch (SocketException)
        {
            // A socket that is broken says so when it is used.
        }
    }
}
