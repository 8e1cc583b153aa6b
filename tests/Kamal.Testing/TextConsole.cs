using System.Text;
using Kamal.Engine.Hosts;

namespace Kamal.Testing;

/// <summary>An operator who types a text and keeps what is shown.</summary>
internal sealed class TextConsole(string text) : IInteractiveConsole, IDisposable
{
    private readonly MemoryStream _input = new(Encoding.UTF8.GetBytes(text));
    private readonly MemoryStream _output = new();

    public PseudoTerminal? Terminal { get; set; }

    public InteractiveOutput Output { get; init; } = InteractiveOutput.Console;

    /// <summary>What the operator waits for before typing.</summary>
    public string Prompt { get; init; } = "";

    /// <summary>Whether the operator ends the input of a terminal too.</summary>
    public bool EndsInput { get; set; }

    /// <summary>Whether its terminal was handed over, and given back.</summary>
    public (bool Begun, bool Ended) Raw { get; private set; }

    public string Written
    {
        get
        {
            lock (_output) return Encoding.UTF8.GetString(_output.ToArray());
        }
    }

    public IDisposable Begin()
    {
        Raw = (true, false);
        return this;
    }

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!Written.Contains(Prompt, StringComparison.Ordinal)) await Task.Delay(20, cancellationToken);
        if (Terminal is null || EndsInput || _input.Position < _input.Length) return await _input.ReadAsync(buffer, cancellationToken);
        // Nobody types any more; a terminal has no end.
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return 0;
    }

    public void Write(ReadOnlySpan<byte> bytes, bool isError)
    {
        lock (_output) _output.Write(bytes);
    }

    public void Dispose() => Raw = (true, true);
}
