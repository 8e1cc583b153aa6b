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

    /// <summary>
    /// Standard input as an enumerator, such as a script's <c>$input</c>. It is read only if the command reads its input.
    /// </summary>
    [Parameter(DontShow = true)]
    [AllowNull]
    public IEnumerator? InputEnumerator { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (MyInvocation.ExpectingInput) _input.Add(InputObject);
    }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        // Errors point at the line that somebody wrote, not into the script behind the alias.
        if (SessionState.PSVariable.GetValue("MyInvocation") is not InvocationInfo { MyCommand: ExternalScriptInfo { Name: "Invoke-Kamal.ps1" } } line) return;
        ScriptPosition position = new(line.ScriptName, line.ScriptLineNumber, line.OffsetInLine, line.Line);
        MyInvocation.DisplayScriptPosition = new ScriptExtent(position, position);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        ExitCode = 0;
        try
        {
            LineWords words = new(ArgumentList ?? []);
            var line = KamalCommandLine.Read(words.Words, FindAlias, PowerShellOptions.All);
            if (line.Command is { } command) Call(command, words);
            else WriteObject(HelpText.For(line.HelpWords, spec => CmdletBindings.Of(spec).Cmdlet).Split(Environment.NewLine), enumerateCollection: true);
        }
        catch (KamalException error)
        {
            ExitCode = 1;
            ThrowTerminatingError(KamalErrors.ToRecord(error, Guard));
        }
    }

    private int ExitCode
    {
        set => SessionState.PSVariable.Set("global:LASTEXITCODE", value);
    }

    private void Call(ParsedCommand parsed, LineWords words)
    {
        var binding = CmdletBindings.Of(parsed.Command);
        var cmdlet = (CmdletInfo)InvokeCommand.GetCommand($"Kamal\\{binding.CmdletFor(parsed)}", CommandTypes.Cmdlet);
        if (SessionState.LanguageMode is not PSLanguageMode.FullLanguage) throw Constrained(cmdlet.Name);
        KamalCaller caller = new(parsed.Command) { IsQuiet = parsed.Has("quiet"), AsProgram = AsProgram, Text = binding.Text, IsScreen = OutputDestination.IsScreen(this), Input = Input };
        var parameters = binding.ParametersFor(parsed);
        foreach (var (name, value) in PowerShellOptions.Of(parsed)) parameters[name] = words.Restore(value);
        parameters["Confirm"] = CmdletBinding.Asks(parsed);
        parameters["Caller"] = caller;
        // Kamal takes its global options where they mean nothing, too.
        foreach (var unknown in parameters.Keys.Where(name => !cmdlet.Parameters.ContainsKey(name)).ToList()) parameters.Remove(unknown);
        var ended = false;
        try
        {
            using var pipeline = ScriptBlock.Create($"param($Parameters) Kamal\\{cmdlet.Name} @Parameters").GetSteppablePipeline(CommandOrigin.Internal, [parameters]);
            pipeline.Begin(this);
            pipeline.Process();
            pipeline.End();
            ended = true;
        }
        finally
        {
            // An error that is not ours, as of a parameter with a wrong value, ends it too.
            ExitCode = ended || caller.ExitCode > 0 ? caller.ExitCode : 1;
        }
    }

    /// <summary>PowerShell passes no parameters to a pipeline that starts in another language mode.</summary>
    private KamalException Constrained(string cmdlet) => new(KamalErrorId.ArgumentInvalid, $"kamal does not run commands in {SessionState.LanguageMode} mode.")
    {
        Recommendation = $"Use {cmdlet}; 'kamal help COMMAND' names the cmdlet of each command.",
    };

    private IEnumerator? Input => MyInvocation.ExpectingInput ? _input.GetEnumerator() : InputEnumerator;

    private string? FindAlias(string name, IReadOnlyDictionary<string, object> options)
    {
        var bound = new Hashtable { ["ConfigFile"] = options.GetValueOrDefault("config-file"), ["Destination"] = options.GetValueOrDefault("destination") };
        return KamalCompleter.Names(bound, SessionState.Path.CurrentFileSystemLocation.ProviderPath).Aliases.GetValueOrDefault(name);
    }
}

/// <summary>Shows the version of this module.</summary>
[Cmdlet(VerbsCommon.Get, "KamalVersion")]
[OutputType(typeof(Version))]
public sealed class GetKamalVersionCommand : KamalCmdlet
{
    /// <inheritdoc/>
    protected override void EndProcessing() => WriteResult(MyInvocation.MyCommand.Module?.Version ?? typeof(GetKamalVersionCommand).Assembly.GetName().Version!);
}
