using System.Collections;
using System.Collections.ObjectModel;
using System.Collections.Specialized;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Kamal.Engine;
using Kamal.Engine.Configuration;
using Kamal.Engine.Events;

namespace Kamal.Streams;

/// <summary>
/// Evaluates <c>deploy.ps1</c> in its own runspace, so that its variables, functions, modules, location and changes to the environment do
/// not remain in the session.
/// </summary>
/// <param name="sink">Receives the evaluation as work for the pipeline thread, whose streams show what else the script writes.</param>
internal sealed class PipelineScript(IRunSink sink) : IConfigurationScript
{
    // Deeper than any configuration, to detect a hashtable that contains itself.
    private const int MaxDepth = 64;

    private const string Caller =
        """
        param($Path, $Destination)
        if ((Get-Command $Path).Parameters['Destination']) { & $Path -Destination $Destination } else { & $Path }
        """;

    /// <inheritdoc/>
    public async Task<object?> EvaluateAsync(string path, string? destination, CancellationToken cancellationToken)
    {
        var work = new PipelineWork(cmdlet => Run(cmdlet, path, destination, cancellationToken));
        sink.Emit(work);
        var answer = await work.Answer.WaitAsync(cancellationToken).ConfigureAwait(false);
        var results = answer is ICollection<PSObject> output ? output.Where(item => item is not null).ToList() : [];
        if (results is [{ BaseObject: IDictionary table }]) return Plain(table, path, 0);
        var written = results.Count == 1 ? $"one value of type {results[0].BaseObject.GetType().Name}" : $"{results.Count} values";
        throw Invalid(path, $"the script wrote {written} instead of one hashtable");
    }

    private static Collection<PSObject> Run(PSCmdlet cmdlet, string path, string? destination, CancellationToken cancellationToken)
    {
        var variables = Environment.GetEnvironmentVariables();
        using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
        runspace.SessionStateProxy.Path.SetLocation(
            WildcardPattern.Escape(cmdlet.SessionState.Path.CurrentFileSystemLocation.ProviderPath));
        using var shell = PowerShell.Create();
        shell.Runspace = runspace;
        shell.AddScript(Caller).AddArgument(path).AddArgument(destination);
        using var stop = cancellationToken.Register(() => shell.BeginStop(null, null));
        try
        {
            return shell.Invoke();
        }
        catch (RuntimeException error) when (error is not PipelineStoppedException)
        {
            var line = error.ErrorRecord?.InvocationInfo?.ScriptLineNumber is > 0 and var number ? $":{number}" : "";
            throw Invalid(path + line, $"the script failed: {error.Message.TrimEnd('.')}", error);
        }
        catch (PipelineStoppedException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        finally
        {
            Restore(variables);
            foreach (var warning in shell.Streams.Warning) cmdlet.WriteWarning(warning.Message);
            foreach (var record in shell.Streams.Information) cmdlet.WriteInformation(record);
            foreach (var record in shell.Streams.Verbose) cmdlet.WriteVerbose(record.Message);
            foreach (var record in shell.Streams.Error) cmdlet.WriteError(record);
        }
    }

    private static void Restore(IDictionary variables)
    {
        foreach (string name in Environment.GetEnvironmentVariables().Keys)
        {
            if (!variables.Contains(name)) Environment.SetEnvironmentVariable(name, null);
        }

        foreach (DictionaryEntry variable in variables)
        {
            var name = (string)variable.Key;
            var value = (string?)variable.Value;
            if (Environment.GetEnvironmentVariable(name) != value) Environment.SetEnvironmentVariable(name, value);
        }
    }

    private static object? Plain(object? value, string path, int depth)
    {
        if (depth > MaxDepth) throw Invalid(path, "the hashtable is nested too deeply or contains itself");
        return value switch
        {
            PSObject { BaseObject: PSCustomObject } custom => Entries(custom.Properties.Select(Entry), path, depth),
            PSObject wrapped => Plain(wrapped.BaseObject, path, depth + 1),
            // A plain hashtable has no order, and commands must be the same each time.
            Hashtable table => Entries(table.Cast<DictionaryEntry>().OrderBy(Key, StringComparer.Ordinal), path, depth),
            IDictionary table => Entries(table.Cast<DictionaryEntry>(), path, depth),
            string text => text,
            IEnumerable list => list.Cast<object?>().Select(item => Plain(item, path, depth + 1)).ToList(),
            _ => value,
        };
    }

    private static OrderedDictionary Entries(IEnumerable<DictionaryEntry> table, string path, int depth)
    {
        OrderedDictionary plain = [];
        foreach (var entry in table)
        {
            plain[Key(entry)] = Plain(entry.Value, path, depth + 1);
        }

        return plain;
    }

    private static string Key(DictionaryEntry entry) => LanguagePrimitives.ConvertTo<string>(entry.Key);

    private static DictionaryEntry Entry(PSPropertyInfo property) => new(property.Name, property.Value);

    private static KamalException Invalid(string path, string what, Exception? cause = null) =>
        new(KamalErrorId.ConfigurationInvalid, $"{path}: {what}.", cause)
        {
            Recommendation = "The script must write only one hashtable with the keys of deploy.yml.",
        };
}
