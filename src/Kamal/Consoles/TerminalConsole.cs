using Kamal.Engine.Hosts;

namespace Kamal.Consoles;

/// <summary>The process's terminal, as the console of an interactive command.</summary>
internal sealed class TerminalConsole : IInteractiveConsole
{
    // How often to check whether the command has ended. Keys typed in between stay in the terminal's buffer.
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

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
                // Windows reports no size if the output is redirected.
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
        await Task.Factory.StartNew(
            () => Read(buffer, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            .ConfigureAwait(false);

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes, bool isError) => _output.Value.Write(bytes);

    private int Read(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            if (_device.Read(buffer.Span, PollInterval) is >= 0 and var read) return read;
        }

        throw new OperationCanceledException(cancellationToken);
    }
}

/// <summary>The process's terminal in the operating system.</summary>
internal interface ITerminalDevice
{
    /// <summary>
    /// Puts the terminal into raw mode until the result is disposed: every key is read as typed, and output is unchanged.
    /// </summary>
    IDisposable MakeRaw();

    /// <summary>Reads typed text.</summary>
    /// <param name="buffer">Receives the bytes, in UTF-8.</param>
    /// <param name="timeout">How long to wait for input.</param>
    /// <returns>The number of bytes, 0 if the terminal is gone, or -1 after the timeout.</returns>
    int Read(Span<byte> buffer, TimeSpan timeout);
}
