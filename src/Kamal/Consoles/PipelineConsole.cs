using Kamal.Engine.Hosts;

namespace Kamal.Consoles;

/// <summary>PowerShell's pipeline: its objects become standard input, and the output becomes objects.</summary>
/// <param name="input">The input.</param>
/// <param name="output">Where the output goes.</param>
internal sealed class PipelineConsole(PipelineInput input, InteractiveOutput output) : IInteractiveConsole, IDisposable
{
    /// <inheritdoc/>
    public PseudoTerminal? Terminal => null;

    /// <inheritdoc/>
    public InteractiveOutput Output => output;

    /// <inheritdoc/>
    public IDisposable Begin() => this;

    /// <inheritdoc/>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => input.ReadAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes, bool isError) => throw new InvalidOperationException("The output goes to the pipeline.");

    /// <inheritdoc/>
    public void Dispose()
    {
        // Begin starts nothing.
    }
}
