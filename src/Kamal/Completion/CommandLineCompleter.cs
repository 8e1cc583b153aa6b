using System.Management.Automation;
using System.Management.Automation.Language;
using Kamal.CommandLine;
using Kamal.Engine.CommandLine;
using Kamal.Engine.Secrets;
using Kamal.Sessions;

namespace Kamal.Completion;

/// <summary>Completes Kamal command lines, such as <c>kamal app l</c>: commands, aliases, options and their values.</summary>
public static class CommandLineCompleter
{
    /// <summary>Completes a word. Does not report errors.</summary>
    /// <param name="wordToComplete">The typed part of the word.</param>
    /// <param name="commandAst">The command.</param>
    /// <param name="cursorPosition">The position of the cursor.</param>
    public static IEnumerable<CompletionResult> Complete(string wordToComplete, CommandAst commandAst, int cursorPosition)
    {
        ArgumentNullException.ThrowIfNull(commandAst);
        try
        {
            var versions = KamalSession.Current.SeenVersions;
            CommandLineCompletion completion = new(
                options => KamalCompleter.Names(options, KamalCompleter.Location()), versions, PowerShellOptions.All)
            {
                Adapters = VaultClient.AdapterNames,
            };
            var before = commandAst.CommandElements.Skip(1).Where(element => element.Extent.EndOffset < cursorPosition).Select(Text);
            return [.. completion.Complete([.. before], wordToComplete ?? "").Select(Result)];
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return [];
        }
    }

    private static string Text(CommandElementAst element) =>
        element is StringConstantExpressionAst text ? text.Value : element.Extent.Text;

    private static CompletionResult Result(CompletedWord word)
    {
        var type = word.IsOption ? CompletionResultType.ParameterName : CompletionResultType.ParameterValue;
        return new(KamalCompleter.Quoted(word.Text), word.Text, type, word.Help.Length > 0 ? word.Help : word.Text);
    }
}
