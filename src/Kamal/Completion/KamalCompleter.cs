using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using Kamal.Engine.Configuration;
using Kamal.Engine.Secrets;
using Kamal.Loading;
using Kamal.Sessions;

namespace Kamal.Completion;

/// <summary>Completes values from the project's own files. Does not connect, run templates, read secrets or report errors.</summary>
public abstract class KamalCompleter : IArgumentCompleter
{
    /// <summary>The values that start with the typed text.</summary>
    /// <param name="commandName">The cmdlet.</param>
    /// <param name="parameterName">The parameter.</param>
    /// <param name="wordToComplete">The typed text.</param>
    /// <param name="commandAst">The command.</param>
    /// <param name="fakeBoundParameters">The parameters already typed.</param>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            var word = (wordToComplete ?? "").Trim('\'', '"');
            var values = Values(fakeBoundParameters ?? new Hashtable());
            return [.. values.Where(value => value.StartsWith(word, StringComparison.OrdinalIgnoreCase)).Select(Result)];
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Completion must not report errors.
            return [];
        }
    }

    /// <summary>All values.</summary>
    /// <param name="bound">The parameters already typed.</param>
    protected abstract IEnumerable<string> Values(IDictionary bound);

    /// <summary>The names in the project's files, for the configuration file and destination already typed.</summary>
    internal static ConfigurationNames Names(IDictionary bound) =>
        Names(Location(), bound["ConfigFile"] as string, bound["Destination"] as string);

    /// <summary>The names in the project's files, for the options of a Kamal command line.</summary>
    internal static ConfigurationNames Names(IReadOnlyDictionary<string, object> options, string projectDirectory) =>
        Names(projectDirectory, options.GetValueOrDefault("config-file") as string, options.GetValueOrDefault("destination") as string);

    /// <summary>What has been seen of the project, for the configuration file and destination already typed.</summary>
    internal static SeenNames Seen(IDictionary bound) => KamalSession.Current.SeenIn(
        SeenProject.Of(Location(), bound["ConfigFile"] as string, bound["Destination"] as string));

    /// <summary>What has been seen of the project, for the options of a Kamal command line.</summary>
    internal static SeenNames Seen(IReadOnlyDictionary<string, object> options) => KamalSession.Current.SeenIn(SeenProject.Of(
        Location(), options.GetValueOrDefault("config-file") as string, options.GetValueOrDefault("destination") as string));

    /// <summary>The names in the secrets files.</summary>
    internal static SecretNames Secrets(ConfigurationNames names, string? destination) =>
        SecretNames.Read(new(Location(), names.SecretsPath, destination));

    private static ConfigurationNames Names(string projectDirectory, string? configFile, string? destination) =>
        ConfigurationNames.Read(AdapterLoader.Factory.CreateYamlReader(), new()
        {
            ProjectDirectory = projectDirectory,
            ConfigFile = configFile ?? "config/deploy.yml",
            Destination = destination,
        });

    /// <summary>The current location in the file system.</summary>
    internal static string Location()
    {
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        return shell.AddScript("$ExecutionContext.SessionState.Path.CurrentFileSystemLocation.ProviderPath").Invoke<string>()[0];
    }

    /// <summary>A value, quoted if PowerShell requires it.</summary>
    internal static string Quoted(string value)
    {
        var plain = value.All(character => char.IsLetterOrDigit(character) || character is '.' or '-' or '_' or ':' or '=' or ',');
        // PowerShell also ends a text at typographic quotes.
        return plain ? value : $"'{CodeGeneration.EscapeSingleQuotedStringContent(value)}'";
    }

    /// <summary>What there is to say of a value; the value itself by default.</summary>
    protected virtual string Describe(string value) => value;

    private CompletionResult Result(string value)
    {
        var about = Describe(value);
        var listed = about == value ? value : $"{VersionName.Short(value)}  {about}";
        return new(Quoted(value), listed, CompletionResultType.ParameterValue, about);
    }
}
