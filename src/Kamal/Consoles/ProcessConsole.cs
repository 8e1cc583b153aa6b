using Kamal.Engine.Hosts;

namespace Kamal.Consoles;

/// <summary>The process's standard streams, which are not a terminal: bytes pass through unchanged.</summary>
internal sealed class ProcessConsole : IInteractiveConsole, IDisposable
{
    private readonly Lazy<Stream> _input = new(Console.OpenStandardInput);
    private readonly Lazy<Stream> _output = new(Console.OpenStandardOutput);
    private readonly Lazy<Stream> _errors = new(Console.OpenStandardError);

    /// <inheritdoc/>
    public PseudoTerminal? Terminal => null;

    /// <inheritdoc/>
    public InteractiveOutput Output => InteractiveOutput.Console;

    /// <inheritdoc/>
    public IDisposable Begin() => this;

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        // A read from a pipe cannot be cancelled. It is abandoned, and does not keep the process alive.
        await Task.Run(() => _input.Value.Read(buffer.Span), CancellationToken.None).WaitAsync(cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes, bool isError)
    {
        var stream = (isError ? _errors : _output).Value;
        stream.Write(bytes);
        stream.Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The streams belong to the process.
    }
}
