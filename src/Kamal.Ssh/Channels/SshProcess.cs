using Kamal.Adapters.Ssh.Channels;
using Kamal.Engine.Hosts;

namespace Kamal.Adapters.Ssh;

/// <summary>A command on a channel of a connection.</summary>
internal sealed class SshNetProcess : IRemoteProcess
{
    private readonly SshChannel _channel;

    private SshNetProcess(SshChannel channel) => _channel = channel;

    public Stream Input => _channel.Input;

    public Stream Output => _channel.Output;

    public Stream ErrorOutput => _channel.ErrorOutput;

    public Task<int?> Completion => _channel.Ended;

    /// <summary>
    /// Starts a command on a channel that is open. Everything is sent at once and nothing waited for, so that the start costs
    /// no round trip; input may follow at once.
    /// </summary>
    /// <param name="channel">The channel; the process owns it.</param>
    /// <param name="command">The command line for the account's login shell.</param>
    /// <param name="variables">Variables that the server is offered.</param>
    /// <param name="terminal">The terminal that it gets; none, if null.</param>
    public static SshNetProcess Start(SshChannel channel, string command, IEnumerable<KeyValuePair<string, string>> variables, PseudoTerminal? terminal = null)
    {
        if (terminal is not null) _ = TellIfRefusedAsync(channel, channel.AskAsync(ChannelAsk.Terminal(terminal)));
        foreach (var (name, value) in variables) _ = channel.AskAsync(ChannelAsk.Variable(name, value));
        _ = EndIfRefusedAsync(channel, channel.AskAsync(ChannelAsk.Exec(command)));
        return new(channel);
    }

    public void Resize(int columns, int rows)
    {
        try
        {
            _ = _channel.AskAsync(ChannelAsk.WindowChange(columns, rows));
        }
        catch (IOException)
        {
            // The connection is gone, and the command with it: its end says so.
            return;
        }
    }

    public ValueTask DisposeAsync()
    {
        _channel.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task TellIfRefusedAsync(SshChannel channel, Task<bool> granted)
    {
        if (!await granted.ConfigureAwait(false) && !channel.Ended.IsCompleted) channel.ErrorOutput.Append("The server gives no terminal (PermitTTY).\r\n"u8);
    }

    private static async Task EndIfRefusedAsync(SshChannel channel, Task<bool> granted)
    {
        if (await granted.ConfigureAwait(false) || channel.Ended.IsCompleted) return;
        channel.ErrorOutput.Append("The server refuses to run commands.\n"u8);
        channel.Dispose();
    }
}
