using System.Management.Automation;
using Kamal.Engine;
using Kamal.Engine.CommandLine;

namespace Kamal.CommandLine;

/// <summary>Calls the cmdlet of a parsed command in a pipeline of its own.</summary>
/// <param name="host">The cmdlet that runs the command line. Its streams receive the output.</param>
/// <param name="caller">How the cmdlet is called.</param>
internal sealed class CmdletCall(PSCmdlet host, KamalCaller caller)
{
    /// <summary>The exit code: 0, 1, or the exit code of the user's own command that failed.</summary>
    public int ExitCode { get; private set; } = 1;

    /// <summary>Runs the cmdlet.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="words">The words that it was parsed from.</param>
    public void Run(ParsedCommand parsed, LineWords words)
    {
        var binding = CmdletBindings.Of(parsed.Command);
        var cmdlet = (CmdletInfo)host.InvokeCommand.GetCommand($"Kamal\\{binding.CmdletFor(parsed)}", CommandTypes.Cmdlet);
        if (host.SessionState.LanguageMode is not PSLanguageMode.FullLanguage) throw Constrained(cmdlet.Name);
        Run(cmdlet, ParametersFor(cmdlet, binding, parsed, words));
    }

    private void Run(CmdletInfo cmdlet, Dictionary<string, object> parameters)
    {
        var ended = false;
        try
        {
            var script = ScriptBlock.Create($"param($Parameters) Kamal\\{cmdlet.Name} @Parameters");
            using var pipeline = script.GetSteppablePipeline(CommandOrigin.Internal, [parameters]);
            pipeline.Begin(host);
            pipeline.Process();
            pipeline.End();
            ended = true;
        }
        finally
        {
            // Errors of PowerShell itself, such as an invalid parameter value, also end the pipeline.
            ExitCode = ended || caller.ExitCode > 0 ? caller.ExitCode : 1;
        }
    }

    private Dictionary<string, object> ParametersFor(CmdletInfo cmdlet, CmdletBinding binding, ParsedCommand parsed, LineWords words)
    {
        var parameters = binding.ParametersFor(parsed);
        foreach (var (name, value) in PowerShellOptions.Of(parsed)) parameters[name] = words.Restore(value);
        parameters["Confirm"] = CmdletBinding.Asks(parsed);
        parameters["Caller"] = caller;
        // Kamal accepts its global options on every command.
        foreach (var unknown in parameters.Keys.Where(name => !cmdlet.Parameters.ContainsKey(name)).ToList()) parameters.Remove(unknown);
        return parameters;
    }

    /// <summary>PowerShell does not pass parameters to a pipeline that starts in another language mode.</summary>
    private KamalException Constrained(string cmdlet) =>
        new(KamalErrorId.ArgumentInvalid, $"kamal does not run commands in {host.SessionState.LanguageMode} mode.")
        {
            Recommendation = $"Use {cmdlet}. 'kamal help COMMAND' shows the cmdlet of each command.",
        };
}
