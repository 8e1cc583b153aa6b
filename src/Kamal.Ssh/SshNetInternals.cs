using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Renci.SshNet;
using Renci.SshNet.Messages;

namespace Kamal.Adapters.Ssh;

/// <summary>
/// What SSH.NET keeps to itself and we need: a session without a client around it, to send a message, to number a channel, to
/// forward a port. What arrives is announced by public events. Every login and every command comes through here, so any test
/// that connects notices if SSH.NET renames them.
/// </summary>
internal static class SessionAccess
{
    private const string SocketFactory = "Renci.SshNet.Connection.ISocketFactory, Renci.SshNet";

    /// <summary>The interface of what makes a session's socket.</summary>
    public static Type SocketFactoryType { get; } = Type.GetType(SocketFactory, throwOnError: true)!;

    /// <summary>A session that is not yet connected.</summary>
    /// <param name="info">Where to and how.</param>
    /// <param name="sockets">Makes its socket, see <see cref="SocketFactoryType"/>; SSH.NET's own, if null.</param>
    public static Session Create(ConnectionInfo info, object? sockets) => NewSession(info, NewServiceFactory(), sockets ?? NewSocketFactory());

    /// <summary>Encrypts and sends a message; waits while keys are exchanged anew.</summary>
    public static void Send(this Session session, Message message) => SendMessage(session, message);

    /// <summary>A number that no channel of the session has: SSH.NET's own channels count along.</summary>
    public static uint NextChannelNumber(this Session session) => (uint)Interlocked.Increment(ref LastChannelNumber(session));

    /// <summary>Gives a port that is to be forwarded its session.</summary>
    public static void Attach(this Session session, ForwardedPort port) => SetSession(port, session);

    /// <summary>The session's socket, while it has one.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_socket")]
    public static extern ref Socket? SocketOf(Session session);

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern Session NewSession(
        ConnectionInfo info, [UnsafeAccessorType("Renci.SshNet.IServiceFactory, Renci.SshNet")] object services, [UnsafeAccessorType(SocketFactory)] object sockets);

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    [return: UnsafeAccessorType("Renci.SshNet.ServiceFactory, Renci.SshNet")]
    private static extern object NewServiceFactory();

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    [return: UnsafeAccessorType("Renci.SshNet.Connection.SocketFactory, Renci.SshNet")]
    private static extern object NewSocketFactory();

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "SendMessage")]
    private static extern void SendMessage(Session session, Message message);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_nextChannelNumber")]
    private static extern ref int LastChannelNumber(Session session);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_Session")]
    private static extern void SetSession(ForwardedPort port, [UnsafeAccessorType("Renci.SshNet.ISession, Renci.SshNet")] object session);
}
