using System.Collections;
using System.Management.Automation;
using Kamal.CommandLine;
using Kamal.Completion;
using Kamal.Engine;
using Kamal.Engine.CommandLine;
using Kamal.Streams;

namespace Kamal.Cmdlets;

/// <summary>Runs a command line of Kamal's own, as <c>kamal app exec -i --reuse bash</c>, by the cmdlet that does the same.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "KamalCommandLine")]
[OutputType(typeof(object))]
public sealed class InvokeKamalCommandLineCommand : KamalCmdlet
{
    /// <summary>The words after <c>kamal</c>.</summary>
    [Parameter(Position = 0, ValueFromRemainingArguments = true)]
    [AllowEmptyCollection]
    [AllowEmptyString]
    public string[] ArgumentList { get; set; } = [];

    /// <summary>Behaves as a program does: raw output goes to standard output as bytes, messages are shown.</summary>
    [Parameter]
    public SwitchParameter AsProgram { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        try
        {
            var whatIf = ArgumentList.Any(IsWhatIf);
            var line = KamalCommandLine.Read([.. ArgumentList.Where(word => !IsWhatIf(word))], FindAlias);
            if (line.Command is { } command) Call(command, whatIf);
            else WriteObject(HelpText.For(line.HelpWords, spec => CmdletBindings.Of(spec).Cmdlet).Split(Environment.NewLine), enumerateCollection: true);
        }
        catch (KamalException error)
        {
            ThrowTerminatingError(KamalErrors.ToRecord(error, Guard));
        }
    }

    private void Call(ParsedCommand parsed, bool whatIf)
    {
        var binding = CmdletBindings.Of(parsed.Command);
        var cmdlet = (CmdletInfo)InvokeCommand.GetCommand($"Kamal\\{binding.CmdletFor(parsed)}", CommandTypes.Cmdlet);
        var parameters = binding.ParametersFor(parsed);
        parameters["Confirm"] = parsed.Command.Asks && !parsed.Has("confirmed") && !whatIf;
        if (whatIf) parameters["WhatIf"] = true;
        parameters["Caller"] = new KamalCaller(parsed.Command.Words[0]) { IsQuiet = parsed.Has("quiet"), AsProgram = AsProgram, Text = binding.Text };
        foreach (var unknown in parameters.Keys.Where(name => !cmdlet.Parameters.ContainsKey(name)).ToList()) parameters.Remove(unknown);
        using var pipeline = ScriptBlock.Create("param($Cmdlet, $Parameters) & $Cmdlet @Parameters").GetSteppablePipeline(CommandOrigin.Internal, [cmdlet, parameters]);
        pipeline.Begin(this);
        pipeline.Process();
        pipeline.End();
    }

    private static bool IsWhatIf(string word) => string.Equals(word, "-WhatIf", StringComparison.OrdinalIgnoreCase);

    private string? FindAlias(string name, IReadOnlyDictionary<string, object> options)
    {
        var bound = new Hashtable { ["ConfigFile"] = options.GetValueOrDefault("config-file"), ["Destination"] = options.GetValueOrDefault("destination") };
        return KamalCompleter.Names(bound, SessionState.Path.CurrentFileSystemLocation.ProviderPath).Aliases.GetValueOrDefault(name);
    }
}
