using Kamal.Engine.Hosts;

namespace Kamal.Consoles;

/// <summary>The process's own terminal, as the operator's end of an interactive command.</summary>
internal sealed class TerminalConsole : IInteractiveConsole
{
    // So long a key may go unread when the command has ended; none is lost.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private readonly ITerminalDevice _device = OperatingSystem.IsWindows() ? new WindowsTerminal() : new UnixTerminal();
    private readonly Lazy<Stream> _output = new(Console.OpenStandardOutput);

    /// <inheritdoc/>
    public PseudoTerminal? Terminal
    {
        get
        {
            var type = Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } term ? term : "xterm-256color";
            try
            {
                return new(type, Math.Max(1, Console.WindowWidth), Math.Max(1, Console.WindowHeight));
            }
            catch (IOException)
            {
                // Output goes to a file, and Windows knows no size then.
                return new(type, 80, 24);
            }
        }
    }

    /// <inheritdoc/>
    public InteractiveOutput Output => InteractiveOutput.Console;

    /// <inheritdoc/>
    public IDisposable Begin() => _device.MakeRaw();

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        await Task.Factory.StartNew(() => Read(buffer, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes, bool isError) => _output.Value.Write(bytes);

    private int Read(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            if (_device.Read(buffer.Span, Patience) is >= 0 and var read) return read;
        }

        throw new OperationCanceledException(cancellationToken);
    }
}

/// <summary>The process's terminal as the operating system has it.</summary>
internal interface ITerminalDevice
{
    /// <summary>Hands over every key as it is typed and leaves output as it is, until what is returned is disposed.</summary>
    IDisposable MakeRaw();

    /// <summary>Reads what was typed.</summary>
    /// <param name="buffer">Gets the bytes, in UTF-8.</param>
    /// <param name="patience">How long to wait for some.</param>
    /// <returns>How many bytes; 0 when the terminal is gone, -1 when nothing was typed in that time.</returns>
    int Read(Span<byte> buffer, TimeSpan patience);
}
