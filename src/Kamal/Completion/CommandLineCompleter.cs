using System.Management.Automation;
using System.Management.Automation.Language;
using Kamal.CommandLine;
using Kamal.Engine.CommandLine;

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
            CommandLineCompletion completion = new(
                options => KamalCompleter.Names(options, KamalCompleter.Location()), PowerShellOptions.All)
            {
                Adapters = AdapterCompleter.Offered,
                Others = Others,
            };
            var before = commandAst.CommandElements.Skip(1).Where(element => element.Extent.EndOffset < cursorPosition).Select(Text);
            return [.. completion.Complete([.. before], wordToComplete ?? "").Select(Result)];
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return [];
        }
    }

    /// <summary>What only git, the secrets files and earlier results know.</summary>
    private static IEnumerable<CompletedWord> Others(string kind, IReadOnlyDictionary<string, object> options)
    {
        switch (kind)
        {
            case "VERSION":
                var versions = KnownVersions.Read(KamalCompleter.Location(), KamalCompleter.Seen(options));
                return versions.All.Select(version => new CompletedWord(version, versions.Describe(version)));
            case "container-id":
                var seen = KamalCompleter.Seen(options);
                return seen.Containers.Where(container => container.IsApp).Select(container => container.Id).Distinct()
                    .Select(id => new CompletedWord(id, ContainerCompleter.Describe(seen, id)));
            default:
                var names = KamalCompleter.Names(options, KamalCompleter.Location());
                var secrets = KamalCompleter.Secrets(names, options.GetValueOrDefault("destination") as string);
                var words = kind switch
                {
                    "account" => secrets.Accounts,
                    "from" => secrets.Sources,
                    "SECRETS" => secrets.VaultNames,
                    _ => [.. secrets.VaultNames.Concat(secrets.Names).Distinct()],
                };
                return words.Select(word => new CompletedWord(word, word));
        }
    }

    private static string Text(CommandElementAst element) =>
        element is StringConstantExpressionAst text ? text.Value : element.Extent.Text;

    private static CompletionResult Result(CompletedWord word)
    {
        var type = word.IsOption ? CompletionResultType.ParameterName : CompletionResultType.ParameterValue;
        var listed = word.Help.Length > 0 && word.Help != word.Text && !word.IsOption && word.Text.Length >= 40
            ? $"{VersionName.Short(word.Text)}  {word.Help}"
            : word.Text;
        return new(KamalCompleter.Quoted(word.Text), listed, type, word.Help.Length > 0 ? word.Help : word.Text);
    }
}
