using System.Buffers.Binary;
using System.Text;
using Renci.SshNet.Messages.Connection;

namespace Kamal.Ssh.Channels;

/// <summary>A channel request: <c>exec</c>, <c>env</c>, <c>pty-req</c>, agent forwarding.</summary>
internal sealed class ChannelRequest : RequestInfo
{
    // IUTF8 (RFC 8160), so that Backspace erases whole characters; other modes are the server's.
    private static readonly byte[] TerminalModes = [42, 0, 0, 0, 1, 0];

    private readonly string _name;
    private readonly byte[] _arguments;

    private ChannelRequest(string name, bool wantReply, params ReadOnlySpan<object> arguments)
    {
        _name = name;
        var bytes = new MemoryStream();
        Span<byte> number = stackalloc byte[4];
        foreach (var argument in arguments)
        {
            var text = argument switch { string words => Encoding.UTF8.GetBytes(words), byte[] given => given, _ => null };
            BinaryPrimitives.WriteUInt32BigEndian(number, text is null ? (uint)(int)argument : (uint)text.Length);
            bytes.Write(number);
            bytes.Write(text ?? []);
        }

        _arguments = bytes.ToArray();
        WantReply = wantReply;
    }

    public override string RequestName => _name;

    protected override int BufferCapacity => base.BufferCapacity + _arguments.Length;

    /// <summary>Runs a command line (RFC 4254, 6.5).</summary>
    public static ChannelRequest Exec(string command) => new("exec", true, command);

    /// <summary>
    /// Sets an environment variable (RFC 4254, 6.4). No reply is requested: servers accept few variables, and ssh does not report
    /// the others.
    /// </summary>
    public static ChannelRequest Variable(string name, string value) => new("env", false, name, value);

    /// <summary>Allocates a terminal (RFC 4254, 6.2).</summary>
    public static ChannelRequest Terminal(SshTerminal terminal) =>
        new("pty-req", true, terminal.Type, terminal.Columns, terminal.Rows, 0, 0, TerminalModes);

    /// <summary>Changes the size of the terminal (RFC 4254, 6.7).</summary>
    public static ChannelRequest WindowChange(int columns, int rows) => new("window-change", false, columns, rows, 0, 0);

    /// <summary>Forwards the agent to what runs on the channel (OpenSSH's PROTOCOL.agent).</summary>
    public static ChannelRequest ForwardAgent() => new("auth-agent-req@openssh.com", true);

    protected override void SaveData()
    {
        base.SaveData();
        Write(_arguments);
    }
}
