namespace Kamal.Engine.Local;

/// <summary>
/// A format that a program writes to its standard error if a variable asks for it. It is read as lines of text, which take the place of
/// what the program wrote: in the result, in what is shown meanwhile, and in errors. The variable is not part of the command as shown.
/// </summary>
/// <param name="Variable">The environment variable. A value that the operator has set stays, and the output is text then.</param>
/// <param name="Value">Its value.</param>
/// <param name="CreateReader">Creates the reader of one run's output.</param>
internal sealed record ErrorFormat(string Variable, string Value, Func<ILineReader> CreateReader);

/// <summary>Reads lines of a format as lines of text.</summary>
internal interface ILineReader
{
    /// <summary>Reads the next line. A line that is not in the format is text already.</summary>
    IEnumerable<string> Read(string line);

    /// <summary>What is left to say at the end of the output.</summary>
    IEnumerable<string> End();
}
