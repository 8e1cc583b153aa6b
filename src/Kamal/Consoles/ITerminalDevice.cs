namespace Kamal.Consoles;

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
