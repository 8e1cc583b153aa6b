using Kamal.Engine.Hosts;

namespace Kamal.Consoles;

/// <summary>PowerShell's pipeline: its objects are standard input, and the output becomes objects.</summary>
/// <param name="input">The input.</param>
/// <param name="output">Where the output goes.</param>
internal sealed class PipelineConsole(PipelineInput input, InteractiveOutput output) : IInteractiveConsole, IDisposable
{
    private readonly ProcessConsole _process = new();

    /// <inheritdoc/>
    public PseudoTerminal? Terminal => null;

    /// <inheritdoc/>
    public InteractiveOutput Output => output;

    /// <inheritdoc/>
    public IDisposable Begin() => this;

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var read = await input.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        // pwsh -InputFormat None says that there is input, and leaves it where it was.
        return read == 0 && input.IsDecoded ? await _process.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) : read;
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes, bool isError) => _process.Write(bytes, isError);

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing was begun.
    }
}
