using System.Text;
using Renci.SshNet.Messages.Connection;

namespace Kamal.Adapters.Ssh.Channels;

/// <summary>A request on a channel whose arguments are texts: <c>exec</c>, <c>env</c>, the agent's forwarding.</summary>
internal sealed class ChannelAsk : RequestInfo
{
    private readonly string _name;
    private readonly byte[][] _arguments;

    private ChannelAsk(string name, bool wantReply, params string[] arguments)
    {
        _name = name;
        _arguments = [.. arguments.Select(Encoding.UTF8.GetBytes)];
        WantReply = wantReply;
    }

    public override string RequestName => _name;

    protected override int BufferCapacity => base.BufferCapacity + _arguments.Sum(argument => argument.Length + 4);

    /// <summary>To run a command line (RFC 4254, 6.5).</summary>
    public static ChannelAsk Exec(string command) => new("exec", true, command);

    /// <summary>To set a variable (RFC 4254, 6.4). Nobody waits for the answer: servers accept few, and say nothing to users about it.</summary>
    public static ChannelAsk Variable(string name, string value) => new("env", false, name, value);

    /// <summary>To offer this machine's agent to what runs on the channel (OpenSSH's PROTOCOL.agent).</summary>
    public static ChannelAsk ForwardAgent() => new("auth-agent-req@openssh.com", true);

    protected override void SaveData()
    {
        base.SaveData();
        foreach (var argument in _arguments) WriteBinaryString(argument);
    }
}
