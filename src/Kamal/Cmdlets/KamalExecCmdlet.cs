using System.Collections;
using System.Management.Automation;
using Kamal.Consoles;
using Kamal.Engine;
using Kamal.Engine.Commands;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Streams;

namespace Kamal.Cmdlets;

/// <summary>The base class of cmdlets that run a user's command on hosts.</summary>
public abstract class KamalExecCmdlet : KamalInputCmdlet
{
    private readonly List<object?> _input = [];
    private IInteractiveConsole? _console;
    private InteractiveLines? _lines;
    private bool _hasTarget;

    /// <summary>
    /// Runs the command interactively on one host. At a terminal, the command gets a terminal and every key, including Ctrl+C. Pipeline
    /// input becomes its standard input. If its output is piped, assigned or redirected, it is returned as objects, and without pipeline
    /// input the command reads nothing.
    /// </summary>
    [Parameter]
    public SwitchParameter Interactive { get; set; }

    /// <summary>Writes the output of the command unchanged, as one byte array per host, instead of an object with text.</summary>
    [Parameter]
    public SwitchParameter Raw { get; set; }

    /// <summary>The words of the command.</summary>
    internal abstract IReadOnlyList<string> Words { get; }

    /// <summary>The command and the options to run it with.</summary>
    internal virtual ExecOptions ExecOptions => new(CommandLine) { Interactive = Interactive, HasTerminal = HasTerminal, Raw = Raw };

    internal override string Action => $"Run '{CommandLine}'";

    // Without a reader for its output, a command may never end. ssh stops too.
    internal override bool OutlastsOutput => false;

    // PowerShell's progress bar asks the terminal for the cursor position, and the reply would become input of the command.
    internal override bool ShowsProgress => !HasTerminal;

    internal override IInteractiveConsole? OperatorConsole => !Interactive
        ? null
        : _console ??= OperatorConsoles.Open(this, Caller, Raw, Caller is null ? PipedInput : Caller.Input);

    private string CommandLine => Caller is null ? UserCommandLine.OfArguments(Words) : UserCommandLine.OfKamal(Words);

    private IEnumerator? PipedInput => MyInvocation.ExpectingInput ? _input.GetEnumerator() : null;

    private bool HasTerminal => OperatorConsole?.Terminal is not null;

    /// <summary>The output of an interactive command is the result; nothing else is written.</summary>
    internal override void WriteResult(object result)
    {
        if (!Interactive || (Caller is null && !Raw)) base.WriteResult(result);
    }

    internal override void WriteRaw(RawOutputReceived output)
    {
        if (!Interactive || Raw) base.WriteRaw(output);
        else (_lines ??= new(this)).Add(output);
    }

    internal override void FlushRaw()
    {
        _lines?.Complete();
        base.FlushRaw();
    }

    /// <summary>
    /// A nonzero exit code is part of the result, so the error is not terminating: otherwise <c>$result = Invoke-KamalAppCommand …</c>
    /// would assign nothing.
    /// </summary>
    internal override void WriteFailure(KamalException error)
    {
        if (KamalErrors.IsExitCode(error)) WriteError(KamalErrors.ToRecord(error, Guard));
        // The errors of the hosts are already written.
        else if (!KamalErrors.SumsUpExitCodes(error)) base.WriteFailure(error);
    }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (Caller is not null && UserCommandLine.Warning(Words) is { } warning) WriteWarning(Guard.Line(warning));
    }

    internal override void ProcessTarget()
    {
        var isInput = InputObject is not null && PipelineInput.Takes(InputObject);
        if (isInput) _input.Add(InputObject);
        if (isInput && _hasTarget) return;
        _hasTarget = true;
        base.ProcessTarget();
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_input.Count > 0 && !Interactive) base.WriteFailure(UnreadInput());
        // Pipeline input that is empty calls ProcessRecord for no object.
        if (Interactive && !_hasTarget) base.ProcessTarget();
        base.EndProcessing();
    }

    private static KamalException UnreadInput() => new(KamalErrorId.ArgumentInvalid, "Only an interactive command reads standard input.")
    {
        Recommendation = "Add -Interactive (kamal: -i).",
    };
}
