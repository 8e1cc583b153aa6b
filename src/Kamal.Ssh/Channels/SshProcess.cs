namespace Kamal.Ssh.Channels;

/// <summary>A terminal that a command gets on a host.</summary>
/// <param name="Type">Its kind, as in the variable <c>TERM</c>.</param>
/// <param name="Columns">How many characters a line has.</param>
/// <param name="Rows">How many lines there are.</param>
public sealed record SshTerminal(string Type, int Columns, int Rows);

/// <summary>A command on a channel of a connection.</summary>
public sealed class SshProcess : IAsyncDisposable
{
    private readonly SshChannel _channel;

    private SshProcess(SshChannel channel) => _channel = channel;

    /// <summary>Its standard input; disposing of it is end of file there.</summary>
    public Stream Input => _channel.Input;

    /// <summary>Its standard output.</summary>
    public Stream Output => _channel.Output;

    /// <summary>Its standard error.</summary>
    public Stream ErrorOutput => _channel.ErrorOutput;

    /// <summary>Done when the command has ended: its exit status, or null when a signal or a broken connection ended it.</summary>
    public Task<int?> Completion => _channel.Ended;

    /// <summary>
    /// Starts a command on an open channel. All requests are sent at once without waiting for replies, so that the start needs
    /// no round trip; input may follow immediately.
    /// </summary>
    /// <param name="channel">The channel; the process owns it.</param>
    /// <param name="command">The command line for the account's login shell.</param>
    /// <param name="variables">Variables that the server is offered.</param>
    /// <param name="terminal">The terminal that it gets; none, if null.</param>
    internal static SshProcess Start(
        SshChannel channel, string command, IEnumerable<KeyValuePair<string, string>> variables, SshTerminal? terminal = null)
    {
        if (terminal is not null) _ = TellIfRefusedAsync(channel, channel.RequestAsync(ChannelRequest.Terminal(terminal)));
        foreach (var (name, value) in variables) _ = channel.RequestAsync(ChannelRequest.Variable(name, value));
        _ = EndIfRefusedAsync(channel, channel.RequestAsync(ChannelRequest.Exec(command)));
        return new(channel);
    }

    /// <summary>Tells a command on a terminal that the terminal has another size.</summary>
    /// <param name="columns">How many characters a line has.</param>
    /// <param name="rows">How many lines there are.</param>
    public void Resize(int columns, int rows)
    {
        try
        {
            _ = _channel.RequestAsync(ChannelRequest.WindowChange(columns, rows));
        }
        catch (IOException)
        {
            // The connection is gone, and the command with it: its end says so.
            return;
        }
    }

    /// <summary>Closes the channel, and waits for nothing.</summary>
    public ValueTask DisposeAsync()
    {
        _channel.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task TellIfRefusedAsync(SshChannel channel, Task<bool> granted)
    {
        if (!await granted.ConfigureAwait(false) && !channel.Ended.IsCompleted)
        {
            channel.ErrorOutput.Append("The server refuses a terminal (PermitTTY).\r\n"u8);
        }
    }

    private static async Task EndIfRefusedAsync(SshChannel channel, Task<bool> granted)
    {
        if (await granted.ConfigureAwait(false) || channel.Ended.IsCompleted) return;
        channel.ErrorOutput.Append("The server refuses to run commands.\n"u8);
        channel.Dispose();
    }
}
