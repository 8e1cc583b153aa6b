using Kamal.Engine;
using Kamal.Engine.CommandLine;

namespace Kamal.CommandLine;

/// <summary>How Kamal's own command line calls a cmdlet. A cmdlet that is called in PowerShell's way has none.</summary>
public sealed class KamalCaller
{
    private readonly bool _runsCommand;

    internal KamalCaller(CommandSpec command)
    {
        Command = command.Words[0];
        _runsCommand = command.Arguments.Any(argument => argument.IsCommand);
    }

    /// <summary>What a program that did this would exit with: 0, 1, or the exit code of the user's own command that failed.</summary>
    internal int ExitCode { get; private set; }

    /// <summary>The first word of the command, which hooks see.</summary>
    public string Command { get; }

    /// <summary>Whether <c>-q</c> was given.</summary>
    public bool IsQuiet { get; internal init; }

    /// <summary>Whether raw output goes to standard output as bytes.</summary>
    public bool AsProgram { get; internal init; }

    /// <summary>Whether the output is shown, rather than assigned, redirected or piped on.</summary>
    internal bool IsScreen { get; init; }

    /// <summary>Standard input for a command that reads it; null if nothing is piped in.</summary>
    internal System.Collections.IEnumerator? Input { get; init; }

    /// <summary>The text that stands for a result, or null for PowerShell's own view of it.</summary>
    internal Func<object, object?>? Text { get; init; }

    /// <summary>Takes note of an error; the last one, which concludes, decides.</summary>
    internal void Fail(KamalException error) =>
        ExitCode = _runsCommand && error is { Id: KamalErrorId.RemoteCommandFailed or KamalErrorId.OperationFailed, ExitCode: > 0 and < 256 and var code } ? code : 1;

    /// <summary>A result as Kamal's command line shows it: text comes in lines, as from any program.</summary>
    internal object? Show(object result)
    {
        var shown = IsQuiet && ResultText.Quiet(result) is { } bare ? bare : Text is { } text ? text(result) : result;
        return shown is string lines ? lines.Split('\n') : shown;
    }
}
