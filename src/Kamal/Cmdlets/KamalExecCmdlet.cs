using System.Management.Automation;
using Kamal.Consoles;
using Kamal.Engine;
using Kamal.Engine.Commands;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Streams;

namespace Kamal.Cmdlets;

/// <summary>The base class of cmdlets that run a user's command on hosts.</summary>
public abstract class KamalExecCmdlet : KamalTargetCmdlet
{
    // Write-Host's tag too, as for other programs' error output: shown without being asked for.
    private static readonly string[] ErrorTags = ["Kamal", "Output", "PSHOST"];

    private readonly List<object?> _input = [];
    private IInteractiveConsole? _console;
    private LineSplitter? _lines;
    private bool _hasTarget;

    /// <summary>
    /// Runs the command interactively on one host. At a terminal, the command gets a terminal and every key, including Ctrl+C. Pipeline
    /// input becomes its standard input. If its output is piped, assigned or redirected, it is returned as objects, and without pipeline
    /// input the command reads nothing.
    /// </summary>
    [Parameter]
    public SwitchParameter Interactive { get; set; }

    /// <summary>Standard input for an interactive command. Strings are sent as lines, bytes and byte arrays unchanged.</summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    public PSObject? InputObject { get; set; }

    /// <summary>Writes the output of the command unchanged, as one byte array per host, instead of an object with text.</summary>
    [Parameter]
    public SwitchParameter Raw { get; set; }

    // As ssh does: a command whose output nobody takes may never end.
    internal override bool OutlastsOutput => false;

    internal override string Action => $"Run '{CommandLine}'";

    /// <summary>The command line, for the host's shell.</summary>
    internal string CommandLine => Caller is null ? UserCommandLine.OfArguments(Words) : UserCommandLine.OfKamal(Words);

    /// <summary>The words of the command.</summary>
    internal abstract IReadOnlyList<string> Words { get; }

    /// <summary>The command and the options to run it with.</summary>
    internal virtual ExecOptions ExecOptions => new(CommandLine)
    {
        Interactive = Interactive,
        HasTerminal = OperatorConsole?.Terminal is not null,
        Raw = Raw,
    };

    /// <summary>
    /// No progress bar while the command has the terminal: PowerShell asks the terminal for the cursor position, and the reply would
    /// become input of the command.
    /// </summary>
    internal override bool ShowsProgress => OperatorConsole?.Terminal is null;

    /// <inheritdoc/>
    internal override IInteractiveConsole? OperatorConsole => Interactive ? _console ??= OpenConsole() : null;

    /// <summary>
    /// A command that exits with a nonzero code has a result with that code, so its error is not terminating: otherwise
    /// <c>$result = Invoke-KamalAppCommand …</c> would assign nothing.
    /// </summary>
    internal override void WriteFailure(KamalException error)
    {
        if (error is { Id: KamalErrorId.RemoteCommandFailed, ExitCode: not null }) WriteError(KamalErrors.ToRecord(error, Guard));
        // Its hosts' errors are written already.
        else if (error is not { Id: KamalErrorId.OperationFailed, Causes: [_, ..] causes } || !causes.All(IsCommandsOwn)) base.WriteFailure(error);
    }

    private static bool IsCommandsOwn(KamalException cause) => cause is { Id: KamalErrorId.RemoteCommandFailed, ExitCode: not null };

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (Caller is not null && UserCommandLine.Warning(Words) is { } warning) WriteWarning(Guard.Line(warning));
    }

    /// <summary>The output of an interactive command is the result; nothing else is written.</summary>
    internal override void WriteResult(object result)
    {
        if (!Interactive || (Caller is null && !Raw)) base.WriteResult(result);
    }

    /// <inheritdoc/>
    internal override void WriteRaw(RawOutputReceived output)
    {
        if (!Interactive || Raw) base.WriteRaw(output);
        else if (output.IsError) WriteInformation(new HostInformationMessage { Message = System.Text.Encoding.UTF8.GetString(output.Bytes.Span).TrimEnd('\n') }, ErrorTags);
        else (_lines ??= new(WriteObject)).Add(output.Bytes.Span);
    }

    /// <inheritdoc/>
    internal override void FlushRaw()
    {
        _lines?.Complete();
        base.FlushRaw();
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var isInput = InputObject is not null && PipelineInput.Takes(InputObject);
        if (isInput) _input.Add(InputObject);
        if (isInput && _hasTarget) return;
        _hasTarget = true;
        base.ProcessRecord();
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_input.Count > 0 && !Interactive)
        {
            base.WriteFailure(new(KamalErrorId.ArgumentInvalid, "The command reads standard input only where it is interactive.") { Recommendation = "Add -Interactive (kamal: -i)." });
        }

        // An empty file is piped in.
        if (Interactive && !_hasTarget) base.ProcessRecord();
        base.EndProcessing();
    }

    private IInteractiveConsole OpenConsole()
    {
        var isProgram = Caller is { AsProgram: true };
        var given = Caller is not null ? Caller.Input : MyInvocation.ExpectingInput ? _input.GetEnumerator() : null;
        var isScreen = isProgram || (Caller?.IsScreen ?? OutputDestination.IsScreen(this));
        if (!Raw && given is null && isScreen && !Console.IsInputRedirected && (isProgram || !Console.IsOutputRedirected)) return new TerminalConsole();
        if (isProgram) return new ProcessConsole();
        var encoding = SessionState.PSVariable.GetValue("OutputEncoding") as System.Text.Encoding ?? new System.Text.UTF8Encoding(false);
        var output = Raw || Caller is not null ? InteractiveOutput.Events : InteractiveOutput.Result;
        return new PipelineConsole(new(given ?? Array.Empty<object>().GetEnumerator(), encoding), output);
    }
}
