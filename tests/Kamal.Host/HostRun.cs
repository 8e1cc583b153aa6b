using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.InteropServices;

namespace Kamal.Host;

/// <summary>One run of the console: a runspace with the module, one pipeline, an exit code.</summary>
internal sealed class HostRun(HostOptions options)
{
    private const int ExitFailure = 1;
    private const string LastStatement = "KamalHostLastStatement";
    private readonly ConsoleHost _host = new(!options.NonInteractive);
    private int _signal;

    public int Execute()
    {
        if (Console.IsOutputRedirected) PSStyle.Instance.OutputRendering = OutputRendering.PlainText;
        using var runspace = RunspaceFactory.CreateRunspace(_host, InitialState());
        // The pipeline runs on this thread: no hand-over, and nothing here needs another one.
        runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
        runspace.Open();
        Runspace.DefaultRunspace = runspace;
        using var shell = PowerShell.Create(runspace);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, shell));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, shell));
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => Stop(context, shell));
        Compose(shell);
        shell.Streams.Error.DataAdded += (_, added) => Show(shell.Streams.Error[added.Index]);
        shell.Streams.Information.DataAdded += (_, added) => Show(shell.Streams.Information[added.Index]);
        var code = Run(shell);
        Console.Out.Flush();
        return _signal != 0 ? 128 + _signal : _host.ExitCode ?? code;
    }

    private static InitialSessionState InitialState()
    {
        var state = InitialSessionState.CreateDefault2();
        state.ImportPSModule(PublishedModule.Find());
        state.ThrowOnRunspaceOpenError = true;
        return state;
    }

    private void Compose(PowerShell shell)
    {
        switch (options.Mode)
        {
            case HostMode.CommandLine:
                shell.AddCommand("Invoke-KamalCommandLine").AddParameter("ArgumentList", options.Arguments.ToArray()).AddParameter("AsProgram");
                break;
            case HostMode.File:
                shell.AddCommand(Path.GetFullPath(options.Text));
                foreach (var argument in options.Arguments) shell.AddArgument(argument);
                break;
            default:
                shell.AddScript($"{options.Text}\n$global:{LastStatement} = $?");
                break;
        }

        shell.AddCommand("Out-Default");
    }

    private int Run(PowerShell shell)
    {
        try
        {
            shell.Invoke();
            // A script's last statement decides, as with pwsh -Command; once the pipeline is over, $? is that of Out-Default.
            var failed = options.Mode == HostMode.Command ? shell.Runspace.SessionStateProxy.GetVariable(LastStatement) is false : shell.HadErrors;
            return failed ? ExitFailure : 0;
        }
        catch (RuntimeException error) when (error is not PipelineStoppedException)
        {
            Show(error.ErrorRecord);
            return ExitFailure;
        }
        catch (PipelineStoppedException)
        {
            return ExitFailure;
        }
    }

    private void Stop(PosixSignalContext context, PowerShell shell)
    {
        // A second signal means it: the runtime's own handling ends the process.
        if (Interlocked.Exchange(ref _signal, context.Signal switch { PosixSignal.SIGINT => 2, PosixSignal.SIGTERM => 15, _ => 1 }) != 0) return;
        context.Cancel = true;
        shell.BeginStop(null, null);
    }

    private void Show(ErrorRecord error)
    {
        var console = (ConsoleUserInterface)_host.UI;
        console.Say("ERROR: " + (error.ErrorDetails?.Message ?? error.Exception.Message));
        if (error.ErrorDetails?.RecommendedAction is { Length: > 0 } action) console.Say("  " + action);
    }

    /// <summary>Shows a record, unless the engine has: it sends Write-Host's to the host itself.</summary>
    private void Show(InformationRecord record)
    {
        if (record.Tags.Contains("PSHOST")) return;
        ((ConsoleUserInterface)_host.UI).Say(record.MessageData?.ToString() ?? "");
    }
}
