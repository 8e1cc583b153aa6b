using System.Runtime.CompilerServices;
using Renci.SshNet;
using Renci.SshNet.Messages;

namespace Kamal.Adapters.Ssh.Channels;

/// <summary>
/// The two things of SSH.NET's session that it keeps to itself and that channels need: to send a message, and to number a
/// channel. What arrives is announced by public events. Every command comes through here, so any test that runs one notices
/// if SSH.NET renames them.
/// </summary>
internal static class SessionAccess
{
    /// <summary>The session of a client that is connected.</summary>
    public static Session Of(SshClient client) => (Session)SessionOf(client)!;

    /// <summary>Encrypts and sends a message; waits while keys are exchanged anew.</summary>
    public static void Send(this Session session, Message message) => SendMessage(session, message);

    /// <summary>A number that no channel of the session has: SSH.NET's own channels count along.</summary>
    public static uint NextChannelNumber(this Session session) => (uint)Interlocked.Increment(ref LastChannelNumber(session));

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Session")]
    [return: UnsafeAccessorType("Renci.SshNet.ISession, Renci.SshNet")]
    private static extern object? SessionOf(BaseClient client);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "SendMessage")]
    private static extern void SendMessage(Session session, Message message);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_nextChannelNumber")]
    private static extern ref int LastChannelNumber(Session session);
}
