using Kamal.Engine;
using Kamal.Engine.CommandLine;

namespace Kamal.CommandLine;

/// <summary>How Kamal's command line calls a cmdlet.</summary>
public sealed class KamalCaller
{
    private readonly bool _runsCommand;

    internal KamalCaller(CommandSpec command)
    {
        Command = command.Words[0];
        _runsCommand = command.Arguments.Any(argument => argument.IsCommand);
    }

    /// <summary>The exit code: 0, 1, or the exit code of the user's own command that failed.</summary>
    internal int ExitCode { get; private set; }

    /// <summary>The first word of the command, which hooks receive.</summary>
    public string Command { get; }

    /// <summary>The version that <c>--version</c> specifies, or null. Cmdlets without such a parameter pass it to hooks.</summary>
    internal string? Version { get; init; }

    /// <summary>Whether <c>-q</c> is specified.</summary>
    public bool IsQuiet { get; internal init; }

    /// <summary>Whether raw output goes to standard output as bytes.</summary>
    public bool AsProgram { get; internal init; }

    /// <summary>Whether the output is shown on the screen, and not piped on, assigned or redirected.</summary>
    internal bool IsScreen { get; init; }

    /// <summary>Standard input for an interactive command, or null if nothing is piped in.</summary>
    internal System.Collections.IEnumerator? Input { get; init; }

    /// <summary>Converts a result to text; null for PowerShell's view of the object.</summary>
    internal Func<object, object?>? Text { get; init; }

    /// <summary>Sets the exit code after an error. The last error decides.</summary>
    internal void Fail(KamalException error)
    {
        var isOfCommand = _runsCommand && error.Id is (KamalErrorId.RemoteCommandFailed or KamalErrorId.OperationFailed);
        ExitCode = isOfCommand && error.ExitCode is > 0 and < 256 and var code ? code : 1;
    }

    /// <summary>A result as Kamal's command line shows it. Text is split into lines.</summary>
    internal object? Show(object result)
    {
        var shown = IsQuiet && ResultText.Quiet(result) is { } bare ? bare : Text is { } text ? text(result) : result;
        return shown is string lines ? lines.Split('\n') : shown;
    }
}
