using System.Text;
using Renci.SshNet.Messages.Connection;

namespace Kamal.Ssh.Channels;

/// <summary>A request to open a channel of a type (RFC 4254, 5.1).</summary>
internal sealed class ChannelOpenRequest : ChannelOpenInfo
{
    /// <summary>A client of the forwarded agent, opened by the server (OpenSSH's PROTOCOL.agent).</summary>
    public const string Agent = "auth-agent@openssh.com";

    private readonly string _name;
    private readonly (string Host, uint Port)[] _places;

    private ChannelOpenRequest(string name, params (string Host, uint Port)[] places)
    {
        _name = name;
        _places = places;
    }

    /// <summary>A session, for a command (RFC 4254, 6.1).</summary>
    public static ChannelOpenRequest Session { get; } = new("session");

    public override string ChannelType => _name;

    protected override int BufferCapacity => base.BufferCapacity + _places.Sum(place => place.Host.Length + 8);

    /// <summary>A TCP connection that the server makes (RFC 4254, 7.2).</summary>
    public static ChannelOpenRequest Tcp(string host, int port) => new("direct-tcpip", (host, (uint)port), ("127.0.0.1", 0));

    protected override void SaveData()
    {
        foreach (var (host, port) in _places)
        {
            WriteBinaryString(Encoding.UTF8.GetBytes(host));
            Write(port);
        }
    }
}
