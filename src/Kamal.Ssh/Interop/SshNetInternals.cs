using System.Collections;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.CompilerServices;
using Renci.SshNet;
using Renci.SshNet.Messages;
using Renci.SshNet.Messages.Connection;

namespace Kamal.Ssh.Interop;

/// <summary>
/// Everything that SSH.NET keeps private and this client needs: a session without a client around it, its socket, sending a
/// message, numbering a channel, forwarding a port. What arrives is announced by public events. No other file uses a private
/// member; <c>SshNetInternalsTests</c> says which of them a new version of SSH.NET has changed.
/// </summary>
internal static class SshNetInternals
{
    /// <summary>The version of SSH.NET whose private members these are, as its assembly says it (package 2026.0.0).</summary>
    public const string Version = "2026.0.0.1";

    private const string SocketFactoryInterface = "Renci.SshNet.Connection.ISocketFactory, Renci.SshNet";
    private const string OpenMessage = "SSH_MSG_CHANNEL_OPEN";
    private const BindingFlags Hidden = BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public;

    /// <summary>A session that is not connected yet.</summary>
    /// <param name="info">Where to and how.</param>
    /// <param name="from">The local address that its socket is bound to; any, if null.</param>
    public static Session CreateSession(ConnectionInfo info, IPAddress? from) =>
        NewSession(info, NewServiceFactory(), from is null ? NewSocketFactory() : BoundSocketFactory.Create(from));

    /// <summary>Encrypts and sends a message; waits while keys are re-exchanged.</summary>
    public static void Send(this Session session, Message message) => SendMessage(session, message);

    /// <summary>A number that no channel of the session has: SSH.NET's own channels count along.</summary>
    public static uint NextChannelNumber(this Session session) => (uint)Interlocked.Increment(ref LastChannelNumber(session));

    /// <summary>Gives a port that is to be forwarded its session.</summary>
    public static void Attach(this Session session, ForwardedPort port) => SetSession(port, session);

    /// <summary>The session's socket, while it has one.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_socket")]
    public static extern ref Socket? SocketOf(Session session);

    /// <summary>A request about the connection itself (RFC 4254, section 4).</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    public static extern GlobalRequestMessage GlobalRequest(byte[] name, bool wantReply);

    /// <summary>Asks the server to listen on a port; 0 for one that it chooses (RFC 4254, 7.1).</summary>
    public static Message ListenRequest(string address, uint port) => (Message)NewListenRequest(address, port);

    /// <summary>Asks the server to listen no longer (RFC 4254, 7.1).</summary>
    public static Message StopListeningRequest(string address, uint port) => (Message)NewStopListeningRequest(address, port);

    /// <summary>The port that a client of a forwarded port connected to.</summary>
    /// <param name="forwarded">What the server says of a channel of the type <c>forwarded-tcpip</c>.</param>
    public static uint PortOf(ChannelOpenInfo forwarded) => ConnectedPort(forwarded);

    /// <summary>
    /// Lets a server open a channel of a type that SSH.NET does not know, such as a client of the forwarded agent: SSH.NET's own
    /// message ends the connection over it. Ours takes its place in SSH.NET's table of messages. This copy of SSH.NET is in a
    /// load context of its own, so no other code of the process is affected.
    /// </summary>
    public static void AcceptUnknownChannelTypes()
    {
        var factory = typeof(Session).Assembly.GetType("Renci.SshNet.SshMessageFactory") ?? throw Changed("SshMessageFactory");
        var byName = (IDictionary)Field("MessagesByName").GetValue(null)!;
        var all = (Array)Field("AllMessages").GetValue(null)!;
        var theirs = byName[OpenMessage] ?? throw Changed(OpenMessage);
        var type = (factory.GetNestedType("MessageMetadata`1", Hidden) ?? throw Changed("MessageMetadata"))
            .MakeGenericType(typeof(TolerantChannelOpen));
        var ours = Activator.CreateInstance(type, Hidden, null, [Property("Id"), OpenMessage, Property("Number")], null);
        all.SetValue(ours, Array.IndexOf(all, theirs));
        byName[OpenMessage] = ours;

        FieldInfo Field(string name) => factory.GetField(name, Hidden) ?? throw Changed(name);

        object Property(string name) => (theirs.GetType().GetProperty(name, Hidden) ?? throw Changed(name)).GetValue(theirs)!;
    }

    private static MissingMemberException Changed(string member) =>
        new($"SSH.NET's table of messages has no {member}; agent forwarding needs another way in.");

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern Session NewSession(
        ConnectionInfo info,
        [UnsafeAccessorType("Renci.SshNet.IServiceFactory, Renci.SshNet")] object services,
        [UnsafeAccessorType(SocketFactoryInterface)] object sockets);

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

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    [return: UnsafeAccessorType("Renci.SshNet.Messages.Connection.TcpIpForwardGlobalRequestMessage, Renci.SshNet")]
    private static extern object NewListenRequest(string address, uint port);

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    [return: UnsafeAccessorType("Renci.SshNet.Messages.Connection.CancelTcpIpForwardGlobalRequestMessage, Renci.SshNet")]
    private static extern object NewStopListeningRequest(string address, uint port);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_ConnectedPort")]
    private static extern uint ConnectedPort(
        [UnsafeAccessorType("Renci.SshNet.Messages.Connection.ForwardedTcpipChannelInfo, Renci.SshNet")] object forwarded);

    /// <summary>SSH.NET's socket factory, an internal interface; sockets are made as by its own, and bound.</summary>
    internal class BoundSocketFactory : DispatchProxy
    {
        private IPAddress _address = IPAddress.Any;

        public static object Create(IPAddress address)
        {
            var factory = Create(Type.GetType(SocketFactoryInterface, throwOnError: true)!, typeof(BoundSocketFactory));
            ((BoundSocketFactory)factory)._address = address;
            return factory;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var socket = new Socket(_address.AddressFamily, (SocketType)args![0]!, (ProtocolType)args[1]!) { NoDelay = true };
            socket.Bind(new IPEndPoint(_address, 0));
            return socket;
        }
    }

    /// <summary>A server's request to open a channel of any type; one of an unknown type has no <c>Info</c>.</summary>
    private sealed class TolerantChannelOpen : ChannelOpenMessage
    {
        protected override void LoadData()
        {
            try
            {
                base.LoadData();
            }
            catch (NotSupportedException)
            {
                // The type is unknown; its name, numbers and sizes have been read by now.
                return;
            }
        }
    }
}
