using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using Kamal.Engine.Configuration;
using Kamal.Loading;

namespace Kamal.Completion;

/// <summary>Completes values from the project's own files: no network, no template, no secret, and never an error.</summary>
public abstract class KamalCompleter : IArgumentCompleter
{
    /// <summary>The values that begin with what was typed.</summary>
    /// <param name="commandName">The cmdlet.</param>
    /// <param name="parameterName">The parameter.</param>
    /// <param name="wordToComplete">What was typed.</param>
    /// <param name="commandAst">The command.</param>
    /// <param name="fakeBoundParameters">The parameters typed before.</param>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            var word = (wordToComplete ?? "").Trim('\'', '"');
            return [.. Values(fakeBoundParameters ?? new Hashtable()).Where(value => value.StartsWith(word, StringComparison.OrdinalIgnoreCase)).Select(Result)];
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Whoever presses Tab asked for no error; what cannot be read has no completions.
            return [];
        }
    }

    /// <summary>All values.</summary>
    /// <param name="bound">The parameters typed before.</param>
    protected abstract IEnumerable<string> Values(IDictionary bound);

    /// <summary>The names in the project's files, for the configuration file and destination typed before.</summary>
    /// <param name="bound">The parameters typed before.</param>
    internal static ConfigurationNames Names(IDictionary bound) => Names(bound, Location());

    /// <summary>The names in a project's files.</summary>
    /// <param name="bound">Parameters of the cmdlet.</param>
    /// <param name="projectDirectory">The project's directory.</param>
    internal static ConfigurationNames Names(IDictionary bound, string projectDirectory) => ConfigurationNames.Read(AdapterLoader.Factory.CreateYamlReader(), new()
    {
        ProjectDirectory = projectDirectory,
        ConfigFile = bound["ConfigFile"] as string ?? "config/deploy.yml",
        Destination = bound["Destination"] as string,
    });

    private static string Location()
    {
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        return shell.AddScript("$ExecutionContext.SessionState.Path.CurrentFileSystemLocation.ProviderPath").Invoke<string>()[0];
    }

    /// <summary>A value as PowerShell reads it back.</summary>
    internal static string Quoted(string value)
    {
        var plain = value.All(character => char.IsLetterOrDigit(character) || character is '.' or '-' or '_' or ':' or '=' or ',');
        return plain ? value : $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";
    }

    private static CompletionResult Result(string value) => new(Quoted(value), value, CompletionResultType.ParameterValue, value);
}
