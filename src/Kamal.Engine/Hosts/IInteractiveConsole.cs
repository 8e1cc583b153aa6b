namespace Kamal.Engine.Hosts;

/// <summary>The operator's end of an interactive command: where its input comes from, and where its output goes.</summary>
public interface IInteractiveConsole
{
    /// <summary>The terminal as it is now; null where there is none, and the command gets none either.</summary>
    PseudoTerminal? Terminal { get; }

    /// <summary>Where the output goes.</summary>
    InteractiveOutput Output { get; }

    /// <summary>Hands the terminal over: every key goes to the command on the host, Ctrl+C too, until what is returned is disposed.</summary>
    IDisposable Begin();

    /// <summary>Reads input.</summary>
    /// <param name="cancellationToken">Stops waiting; nothing that the operator types later is taken.</param>
    /// <returns>How many bytes; 0 at the end of the input.</returns>
    ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Writes output, if it goes to <see cref="InteractiveOutput.Console"/>.</summary>
    /// <param name="bytes">The bytes, as they came from the host.</param>
    /// <param name="isError">Whether it is error output.</param>
    void Write(ReadOnlySpan<byte> bytes, bool isError);
}

/// <summary>Where the output of an interactive command goes.</summary>
public enum InteractiveOutput
{
    /// <summary>To the console, byte for byte.</summary>
    Console,

    /// <summary>To whoever runs the command, as it comes: <see cref="Events.RawOutputReceived"/>.</summary>
    Events,

    /// <summary>Into the command's result.</summary>
    Result,
}

/// <summary>A terminal that a command gets on a host.</summary>
/// <param name="Type">Its kind, as in the variable <c>TERM</c>.</param>
/// <param name="Columns">How many characters a line has.</param>
/// <param name="Rows">How many lines it has.</param>
public sealed record PseudoTerminal(string Type, int Columns, int Rows);
