using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using Kamal.CommandLine;
using Kamal.Completion;
using Kamal.Consoles;
using Kamal.Engine;
using Kamal.Engine.CommandLine;
using Kamal.Streams;

namespace Kamal.Cmdlets;

/// <summary>
/// Runs a Kamal command line, such as <c>kamal app exec -i --reuse bash</c>, with the corresponding cmdlet. Sets <c>$LASTEXITCODE</c>.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "KamalCommandLine")]
[OutputType(typeof(object))]
public sealed class InvokeKamalCommandLineCommand : KamalCmdlet
{
    private readonly List<object?> _input = [];

    /// <summary>The arguments after <c>kamal</c>.</summary>
    [Parameter(Position = 0, ValueFromRemainingArguments = true)]
    [AllowEmptyCollection]
    [AllowEmptyString]
    [AllowNull]
    public object?[] ArgumentList { get; set; } = [];

    /// <summary>Behaves like a native program: writes raw output as bytes to standard output, and shows messages.</summary>
    [Parameter]
    public SwitchParameter AsProgram { get; set; }

    /// <summary>Standard input for an interactive command. Strings are sent as lines, bytes and byte arrays unchanged.</summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    public PSObject? InputObject { get; set; }

    /// <summary>Standard input as an enumerator, such as a script's <c>$input</c>, read only if the command reads it.</summary>
    [Parameter(DontShow = true)]
    [AllowNull]
    public IEnumerator? InputEnumerator { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        // Lets errors point at the line that the user wrote instead of the script behind the alias.
        var line = SessionState.PSVariable.GetValue("MyInvocation") as InvocationInfo;
        if (line?.MyCommand is not ExternalScriptInfo { Name: "Invoke-Kamal.ps1" }) return;
        ScriptPosition position = new(line.ScriptName, line.ScriptLineNumber, line.OffsetInLine, line.Line);
        MyInvocation.DisplayScriptPosition = new ScriptExtent(position, position);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (MyInvocation.ExpectingInput) _input.Add(InputObject);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        SetExitCode(0);
        try
        {
            LineWords words = new(ArgumentList ?? []);
            var line = KamalCommandLine.Read(words.Words, FindAlias, PowerShellOptions.All);
            if (line.Command is { } command) Call(command, words);
            else WriteHelp(line.HelpWords);
        }
        catch (KamalException error)
        {
            SetExitCode(1);
            ThrowTerminatingError(KamalErrors.ToRecord(error, Guard));
        }
    }

    private void SetExitCode(int code) => SessionState.PSVariable.Set("global:LASTEXITCODE", code);

    private void WriteHelp(IReadOnlyList<string> words)
    {
        var text = HelpText.For(words, spec => CmdletBindings.Of(spec).Cmdlet);
        WriteObject(text.Split(Environment.NewLine), enumerateCollection: true);
    }

    private void Call(ParsedCommand parsed, LineWords words)
    {
        CmdletCall call = new(this, new(parsed.Command)
        {
            Version = parsed.Options.GetValueOrDefault("version") as string,
            IsQuiet = parsed.Has("quiet"),
            AsProgram = AsProgram,
            Text = CmdletBindings.Of(parsed.Command).Text,
            IsScreen = OutputDestination.IsScreen(this),
            Input = MyInvocation.ExpectingInput ? _input.GetEnumerator() : InputEnumerator,
        });
        try
        {
            call.Run(parsed, words);
        }
        finally
        {
            SetExitCode(call.ExitCode);
        }
    }

    private string? FindAlias(string name, IReadOnlyDictionary<string, object> options) =>
        KamalCompleter.Names(options, SessionState.Path.CurrentFileSystemLocation.ProviderPath).Aliases.GetValueOrDefault(name);
}

/// <summary>Shows the version of this module.</summary>
[Cmdlet(VerbsCommon.Get, "KamalVersion")]
[OutputType(typeof(Version))]
public sealed class GetKamalVersionCommand : KamalCmdlet
{
    /// <inheritdoc/>
    protected override void EndProcessing() =>
        WriteResult(MyInvocation.MyCommand.Module?.Version ?? typeof(GetKamalVersionCommand).Assembly.GetName().Version!);
}
