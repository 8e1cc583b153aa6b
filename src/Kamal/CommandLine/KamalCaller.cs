namespace Kamal.CommandLine;

/// <summary>How Kamal's own command line calls a cmdlet. A cmdlet that is called in PowerShell's way has none.</summary>
public sealed class KamalCaller
{
    internal KamalCaller(string command) => Command = command;

    /// <summary>The first word of the command, which hooks see.</summary>
    public string Command { get; }

    /// <summary>Whether <c>-q</c> was given.</summary>
    public bool IsQuiet { get; internal init; }

    /// <summary>Whether raw output goes to standard output as bytes.</summary>
    public bool AsProgram { get; internal init; }

    /// <summary>The text that stands for a result, or null for PowerShell's own view of it.</summary>
    internal Func<object, object?>? Text { get; init; }

    /// <summary>A result as Kamal's command line shows it: text comes in lines, as from any program.</summary>
    internal object? Show(object result)
    {
        var shown = IsQuiet && ResultText.Quiet(result) is { } bare ? bare : Text is { } text ? text(result) : result;
        return shown is string lines ? lines.Split('\n') : shown;
    }
}
