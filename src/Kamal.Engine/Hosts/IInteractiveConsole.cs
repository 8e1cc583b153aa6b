namespace Kamal.Engine.Hosts;

/// <summary>The operator's console for an interactive command.</summary>
public interface IInteractiveConsole
{
    /// <summary>The current terminal; null if there is none, so that the command gets none either.</summary>
    PseudoTerminal? Terminal { get; }

    /// <summary>Where the output goes.</summary>
    InteractiveOutput Output { get; }

    /// <summary>
    /// Switches the terminal to raw mode until the returned object is disposed: every key, including Ctrl+C, goes to the command.
    /// </summary>
    IDisposable Begin();

    /// <summary>Reads input.</summary>
    /// <param name="cancellationToken">Stops waiting, without consuming later input.</param>
    /// <returns>The number of bytes; 0 at the end of the input.</returns>
    ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Writes output, if <see cref="Output"/> is <see cref="InteractiveOutput.Console"/>.</summary>
    /// <param name="bytes">The unchanged bytes from the host.</param>
    /// <param name="isError">Whether it is error output.</param>
    void Write(ReadOnlySpan<byte> bytes, bool isError);
}

/// <summary>Where the output of an interactive command goes.</summary>
public enum InteractiveOutput
{
    /// <summary>To the console, byte for byte.</summary>
    Console,

    /// <summary>To the run's events, as it arrives: <see cref="Events.RawOutputReceived"/>.</summary>
    Events,

    /// <summary>To the command's result.</summary>
    Result,
}

/// <summary>A terminal for a command on a host.</summary>
/// <param name="Type">The value of the variable <c>TERM</c>.</param>
/// <param name="Columns">The width in characters.</param>
/// <param name="Rows">The height in lines.</param>
public sealed record PseudoTerminal(string Type, int Columns, int Rows);
