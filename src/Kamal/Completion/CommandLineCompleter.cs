using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using Kamal.CommandLine;
using Kamal.Engine.CommandLine;
using Kamal.Sessions;

namespace Kamal.Completion;

/// <summary>Completes <c>kamal app l</c>: commands, aliases, options and their values, by the grammar that parses them.</summary>
public static class CommandLineCompleter
{
    /// <summary>What PowerShell calls for a word of the line. Never an error: whoever presses Tab asked for none.</summary>
    /// <param name="wordToComplete">What was typed of the word.</param>
    /// <param name="commandAst">The command.</param>
    /// <param name="cursorPosition">Where the cursor is.</param>
    public static IEnumerable<CompletionResult> Complete(string wordToComplete, CommandAst commandAst, int cursorPosition)
    {
        ArgumentNullException.ThrowIfNull(commandAst);
        try
        {
            CommandLineCompletion completion = new(Names, KamalSession.Current.SeenVersions, PowerShellOptions.All);
            var before = commandAst.CommandElements.Skip(1).Where(element => element.Extent.EndOffset < cursorPosition).Select(Text);
            return [.. completion.Complete([.. before], wordToComplete ?? "").Select(Result)];
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return [];
        }
    }

    private static string Text(CommandElementAst element) => element is StringConstantExpressionAst text ? text.Value : element.Extent.Text;

    private static Engine.Configuration.ConfigurationNames Names(IReadOnlyDictionary<string, object> options) =>
        KamalCompleter.Names(new Hashtable { ["ConfigFile"] = options.GetValueOrDefault("config-file"), ["Destination"] = options.GetValueOrDefault("destination") });

    private static CompletionResult Result(CompletedWord word) => new(
        KamalCompleter.Quoted(word.Text), word.Text, word.IsOption ? CompletionResultType.ParameterName : CompletionResultType.ParameterValue,
        word.Help.Length > 0 ? word.Help : word.Text);
}
