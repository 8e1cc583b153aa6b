using System.Collections;
using System.Management.Automation;
using Kamal.CommandLine;
using Kamal.Completion;
using Kamal.Engine;
using Kamal.Sessions;
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
            IReadOnlyList<string> words = ArgumentList;
            if (words is [var first, ..] && !CommandRouter.IsCommand(first) && FindAlias(words) is { } alias) words = [.. ShellWords.Split(alias), .. words.Skip(1)];
            if (words is [] or ["help", ..] or ["--help" or "-h", ..])
            {
                WriteObject(HelpText.For([.. words.Skip(1)]));
                return;
            }

            Call(CommandRouter.Route(words));
        }
        catch (KamalException error)
        {
            ThrowTerminatingError(KamalErrors.ToRecord(error));
        }
    }

    private void Call(Invocation invocation)
    {
        var cmdlet = (CmdletInfo)InvokeCommand.GetCommand($"Kamal\\{invocation.Command.Cmdlet}", CommandTypes.Cmdlet);
        var parameters = invocation.Parameters.Where(pair => cmdlet.Parameters.ContainsKey(pair.Key)).ToDictionary(pair => pair.Key, pair => pair.Value);
        using var nested = new CommandLineScope(Session, new(invocation.Command.Group, invocation.IsQuiet, AsProgram, invocation.Command.Text));
        using var pipeline = ScriptBlock.Create("param($Cmdlet, $Parameters) & $Cmdlet @Parameters").GetSteppablePipeline(CommandOrigin.Internal, [cmdlet, parameters]);
        pipeline.Begin(this);
        pipeline.Process();
        pipeline.End();
    }

    private string? FindAlias(IReadOnlyList<string> words)
    {
        var options = OptionParser.Parse(Grammar.GlobalOptions, words.Skip(1)).Values;
        return KamalCompleter.Names(new Hashtable(options.ToDictionary()), SessionState.Path.CurrentFileSystemLocation.ProviderPath).Aliases.GetValueOrDefault(words[0]);
    }
}
