namespace Kamal.Engine.Local;

/// <summary>
/// A format that a program writes to its standard error if an environment variable is set. It is converted to lines of text, which replace
/// what the program wrote in the result, in live output and in errors. The command as shown does not include the variable.
/// </summary>
/// <param name="Variable">The environment variable. If the operator has set another value, it stays, and the output is text.</param>
/// <param name="Value">Its value.</param>
/// <param name="CreateReader">Creates the reader of one run's output.</param>
internal sealed record ErrorFormat(string Variable, string Value, Func<ILineReader> CreateReader);

/// <summary>Converts lines of a format to lines of text.</summary>
internal interface ILineReader
{
    /// <summary>Converts the next line. A line that is not in the format is returned unchanged.</summary>
    IEnumerable<string> Read(string line);

    /// <summary>The lines that are left at the end of the output.</summary>
    IEnumerable<string> End();
}
