using Renci.SshNet.Messages.Connection;

namespace Kamal.Adapters.Ssh.Channels;

/// <summary>What a channel is for, as it is asked for (RFC 4254, 5.1).</summary>
/// <param name="name">The type of the channel.</param>
internal sealed class ChannelKind(string name) : ChannelOpenInfo
{
    /// <summary>A command (RFC 4254, 6.1).</summary>
    public const string Session = "session";

    /// <summary>A client of this machine's agent, opened by the server (OpenSSH's PROTOCOL.agent).</summary>
    public const string Agent = "auth-agent@openssh.com";

    public override string ChannelType => name;
}
