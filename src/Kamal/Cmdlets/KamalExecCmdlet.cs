using System.Management.Automation;
using Kamal.Consoles;
using Kamal.Engine;
using Kamal.Engine.Commands;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Streams;

namespace Kamal.Cmdlets;

/// <summary>A cmdlet that runs a user's own command on hosts.</summary>
public abstract class KamalExecCmdlet : KamalTargetCmdlet
{
    // Write-Host's tag too, as for other programs' error output: shown without being asked for.
    private static readonly string[] ErrorTags = ["Kamal", "Output", "PSHOST"];

    private readonly List<object?> _input = [];
    private IInteractiveConsole? _console;
    private LineSplitter? _lines;
    private bool _hasTarget;

    /// <summary>
    /// The operator works with the command, on one host: at a terminal it gets one too, and every key, Ctrl+C included. Where something is piped in, that is its
    /// standard input; where its output is piped on, assigned or redirected, the output comes as objects, and without piped input it reads nothing.
    /// </summary>
    [Parameter]
    public SwitchParameter Interactive { get; set; }

    /// <summary>Standard input for an interactive command: texts are lines, bytes and arrays of bytes stay as they are.</summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    public PSObject? InputObject { get; set; }

    /// <summary>What it prints is written unchanged, as one array of bytes for each host, rather than as an object with text.</summary>
    [Parameter]
    public SwitchParameter Raw { get; set; }

    // As ssh does: a command whose output nobody takes may never end.
    internal override bool OutlastsOutput => false;

    internal override string Action => $"Run '{CommandLine}'";

    /// <summary>The command line, for the host's shell.</summary>
    internal string CommandLine => Caller is null ? UserCommandLine.OfArguments(Words) : UserCommandLine.OfKamal(Words);

    /// <summary>The words of the command.</summary>
    internal abstract IReadOnlyList<string> Words { get; }

    /// <summary>The command and what this cmdlet says of how to run it.</summary>
    internal virtual ExecOptions ExecOptions => new(CommandLine)
    {
        Interactive = Interactive,
        HasTerminal = OperatorConsole?.Terminal is not null,
        Raw = Raw,
    };

    /// <summary>
    /// Not while the terminal is the command's: to draw a bar, PowerShell asks the terminal where its cursor is, and the answer would be typed into the command.
    /// </summary>
    internal override bool ShowsProgress => OperatorConsole?.Terminal is null;

    /// <inheritdoc/>
    internal override IInteractiveConsole? OperatorConsole => Interactive ? _console ??= OpenConsole() : null;

    /// <summary>
    /// A command that ran and ended with another exit code than 0 has a result, with the code; so its error ends nothing: with a terminating one,
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

    /// <summary>What an interactive command printed is its output, and nothing is written beside it.</summary>
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
        if (isProgram && given is null) return new ProcessConsole();
        var encoding = SessionState.PSVariable.GetValue("OutputEncoding") as System.Text.Encoding ?? new System.Text.UTF8Encoding(false);
        var output = isProgram ? InteractiveOutput.Console : Raw || Caller is not null ? InteractiveOutput.Events : InteractiveOutput.Result;
        return new PipelineConsole(new(given ?? Array.Empty<object>().GetEnumerator(), encoding) { IsDecoded = isProgram }, output);
    }
}
