using System.Collections;
using System.Management.Automation;
using System.Text;
using Kamal.CommandLine;
using Kamal.Engine.Hosts;

namespace Kamal.Consoles;

/// <summary>Chooses the console for an interactive command.</summary>
internal static class OperatorConsoles
{
    /// <summary>Opens the terminal, the process's standard streams or PowerShell's pipeline.</summary>
    /// <param name="cmdlet">The cmdlet that runs the command.</param>
    /// <param name="caller">How Kamal's command line calls the cmdlet, or null.</param>
    /// <param name="raw">Whether the output is to be written as bytes.</param>
    /// <param name="input">Pipeline input, or null if there is none.</param>
    public static IInteractiveConsole Open(PSCmdlet cmdlet, KamalCaller? caller, bool raw, IEnumerator? input)
    {
        var isProgram = caller is { AsProgram: true };
        var isScreen = isProgram || (caller?.IsScreen ?? OutputDestination.IsScreen(cmdlet));
        var hasTerminal = isScreen && !Console.IsInputRedirected && (isProgram || !Console.IsOutputRedirected);
        if (hasTerminal && !raw && input is null) return new TerminalConsole();
        if (isProgram) return new ProcessConsole();
        var encoding = cmdlet.SessionState.PSVariable.GetValue("OutputEncoding") as Encoding ?? new UTF8Encoding(false);
        var output = raw || caller is not null ? InteractiveOutput.Events : InteractiveOutput.Result;
        return new PipelineConsole(new(input ?? Array.Empty<object>().GetEnumerator(), encoding), output);
    }
}
