using System.Collections;
using System.Reflection;
using Renci.SshNet;
using Renci.SshNet.Messages.Connection;

namespace Kamal.Adapters.Ssh.Channels;

/// <summary>
/// A server's wish to open a channel, of whatever type. SSH.NET's own message ends the connection over a type that it does
/// not know; this one passes it on, without particulars, to whoever listens.
/// </summary>
internal sealed class TolerantChannelOpen : ChannelOpenMessage
{
    private const string Name = "SSH_MSG_CHANNEL_OPEN";

    /// <summary>
    /// Puts it into SSH.NET's table of messages, which is private. Our copy of SSH.NET is ours alone (see the load context),
    /// so nobody else is affected; the tests of agent forwarding notice if the table changes.
    /// </summary>
    public static void Install()
    {
        const BindingFlags hidden = BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public;
        var factory = typeof(SshClient).Assembly.GetType("Renci.SshNet.SshMessageFactory", throwOnError: true)!;
        var byName = (IDictionary)Field("MessagesByName").GetValue(null)!;
        var all = (Array)Field("AllMessages").GetValue(null)!;
        var theirs = byName[Name] ?? throw Changed(Name);
        var type = (factory.GetNestedType("MessageMetadata`1", hidden) ?? throw Changed("MessageMetadata")).MakeGenericType(typeof(TolerantChannelOpen));
        var ours = Activator.CreateInstance(type, hidden, null, [Property("Id"), Name, Property("Number")], null);
        all.SetValue(ours, Array.IndexOf(all, theirs));
        byName[Name] = ours;

        FieldInfo Field(string name) => factory.GetField(name, hidden) ?? throw Changed(name);

        object Property(string name) => (theirs.GetType().GetProperty(name, hidden) ?? throw Changed(name)).GetValue(theirs)!;
    }

    protected override void LoadData()
    {
        try
        {
            base.LoadData();
        }
        catch (NotSupportedException)
        {
            // The type is unknown; its name, numbers and sizes are read by now, and Info stays null.
            return;
        }
    }

    private static MissingMemberException Changed(string member) => new($"SSH.NET's table of messages has no {member}; agent forwarding needs another way in.");
}
