using System.Buffers;
using System.Collections;
using Kamal.Common;
using Kamal.Engine.Configuration;
using Kamal.Engine.Local;

namespace Kamal.Engine.Templates;

/// <summary>What a template can reach: the environment with variables over it, commands of the platform's shell, files of the
/// project.</summary>
/// <remarks>Variables that a template sets stay here; the process's own environment is never changed.</remarks>
internal sealed class TemplateEnvironment(string projectDirectory, ILocalRunner runner, bool runsCommands = true)
{
    /// <summary>The exit code of a shell that does not find the program.</summary>
    private const int NotFound = 127;

    /// <summary>Ruby runs a command without any of these itself, and a program that does not exist is an error.</summary>
    private static readonly SearchValues<char> ShellCharacters = SearchValues.Create("*?{}[]<>()~&|\\$;'`\"\n#=%");

    private Dictionary<string, string?> _over = new(StringComparer.Ordinal);
    private Dictionary<string, string> _failed = new(StringComparer.Ordinal);

    /// <summary>The project's directory.</summary>
    public string ProjectDirectory => projectDirectory;

    /// <summary>Whether commands are run.</summary>
    public bool RunsCommands => runsCommands;

    /// <summary>Reads YAML files; null where there is no parser.</summary>
    public IYamlReader? Yaml { get; init; }

    /// <summary>Receives what may interest: what a template says, that ruby rendered it.</summary>
    public Action<string>? Note { get; init; }

    /// <summary>Runs programs.</summary>
    public ILocalRunner Runner => runner;

    /// <summary>The variables that a template set, with <c>Dotenv.load</c> or in ENV.</summary>
    public Dictionary<string, string> Loaded { get; private set; } = new(StringComparer.Ordinal);

    /// <summary>A variable's value, or null where it is not set.</summary>
    public string? this[string name]
    {
        get => _failed.TryGetValue(name, out var failure) ? throw new TemplateError(failure)
            : _over.TryGetValue(name, out var value) ? value
            : IsName(name) ? OperatorVariables.Read(name) : null;
        set => _over[name] = value;
    }

    /// <summary>Whether a variable can have the name.</summary>
    public static bool IsName(string name) => name.Length > 0 && !name.Contains('=', StringComparison.Ordinal)
        && !name.Contains('\0', StringComparison.Ordinal);

    /// <summary>Sets a variable for the rest of the templates, their commands and the secrets files; null removes it from the
    /// templates.</summary>
    public void Set(string name, string? value)
    {
        _failed.Remove(name);
        _over[name] = value;
        if (value is null) Loaded.Remove(name);
        else Loaded[name] = value;
    }

    /// <summary>All variables.</summary>
    public IReadOnlyDictionary<string, string> All()
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables()) all[(string)entry.Key] = (string?)entry.Value ?? "";
        foreach (var (name, value) in _over)
        {
            if (value is null) all.Remove(name);
            else all[name] = value;
        }

        return all;
    }

    /// <summary>What is set now, to go back to.</summary>
    public (Dictionary<string, string?> Over, Dictionary<string, string> Failed, Dictionary<string, string> Loaded) Save() =>
        (new(_over, StringComparer.Ordinal), new(_failed, StringComparer.Ordinal), new(Loaded, StringComparer.Ordinal));

    /// <summary>Goes back to what was set then.</summary>
    public void Restore((Dictionary<string, string?> Over, Dictionary<string, string> Failed, Dictionary<string, string> Loaded) saved) =>
        (_over, _failed, Loaded) = saved;

    /// <summary>A command with the template's variables, in the project's directory.</summary>
    public LocalCommand Prepare(LocalCommand command)
    {
        foreach (var (name, value) in _over) command = command.WithVariable(name, value is null ? null : LocalText.Redacted(value));
        return command with { WorkingDirectory = projectDirectory, HasSecretOutput = true, Effect = StepEffect.ReadOnly };
    }

    /// <summary>Runs a command in the platform's shell (<see cref="TemplateShell"/>) in the project's directory.</summary>
    /// <returns>What it printed, as in Ruby also where it failed; a warning where it failed and printed nothing, unless the command
    /// hides its own errors because it expects them.</returns>
    /// <exception cref="Ruby.RubyError">The program does not exist.</exception>
    public (string Output, string? Warning) Run(string command, CancellationToken cancellationToken)
    {
        var result = RunInShell(command, cancellationToken);
        var output = result.ReadOutput();
        if (result.Succeeded || output.Trim().Length > 0) return (output, null);
        if (result.ExitCode == NotFound && command.AsSpan().IndexOfAny(ShellCharacters) < 0) throw new Ruby.RubyError("Errno::ENOENT",
            $"the command {FirstWord(command)} does not exist");
        return (output, command.Contains("2>", StringComparison.Ordinal) ? null
            : $"the command {FirstWord(command)} failed with exit code {result.ExitCode} and printed nothing, so its value is empty");
    }

    /// <summary>Runs a command for its exit code.</summary>
    public bool System(string command, CancellationToken cancellationToken)
    {
        var result = RunInShell(command, cancellationToken);
        Say(result.ReadOutput().TrimEnd());
        return result.Succeeded;
    }

    /// <summary>Tells what a template prints to the screen.</summary>
    public void Say(string text)
    {
        if (text.Length > 0) Note?.Invoke(text.Length > 2000 ? text[..2000] + "…" : text);
    }

    public bool FileExists(string path) => Path.Exists(Resolve(path));

    public string ReadFile(string path, CancellationToken cancellationToken)
    {
        if (path.Contains('\0', StringComparison.Ordinal)) throw new Ruby.RubyError("ArgumentError",
            "a file's name contains a NUL character");
        try
        {
            return Wait(BoundedFile.ReadTextAsync(Resolve(path), BoundedFile.SettingsLimit, cancellationToken));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new Ruby.RubyError("Errno::ENOENT", $"the file {path} cannot be read: it does not exist");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new Ruby.RubyError(error is UnauthorizedAccessException ? "Errno::EACCES"
                : "IOError", $"the file {path} cannot be read: {error.Message}");
        }
    }

    /// <summary>The values of dotenv files; missing files are left out.</summary>
    public IReadOnlyDictionary<string, string> ReadDotenv(IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in files.Where(FileExists))
        {
            foreach (var (name, value, failure) in Dotenv(file, cancellationToken)) values.TryAdd(name, failure is null ? value
                : throw new TemplateError(failure));
        }

        return values;
    }

    /// <summary>Loads dotenv files; missing ones are left out, and what is already set stays, as dotenv does.</summary>
    public object? LoadDotenv(IReadOnlyList<string> files, bool overwrite, CancellationToken cancellationToken)
    {
        foreach (var file in files.Where(FileExists))
        {
            foreach (var (name, value, failure) in Dotenv(file, cancellationToken))
            {
                if (!overwrite && (_failed.ContainsKey(name) || this[name] is not null)) continue;
                if (failure is null) Set(name, value);
                else _failed[name] = failure;
            }
        }

        return true;
    }

    /// <summary>A path of the project.</summary>
    public string Resolve(string path) => Path.GetFullPath(Path.Combine(projectDirectory, path));

    private List<(string Name, string Value, string? Failure)> Dotenv(string file, CancellationToken cancellationToken)
    {
        var text = ReadFile(file, cancellationToken);
        return Wait(DotenvValues.ReadAsync(text, file, this, name => _failed.ContainsKey(name) ? null : this[name], cancellationToken));
    }

    private LocalResult RunInShell(string command, CancellationToken cancellationToken)
    {
        if (!runsCommands)
        {
            throw new TemplateError($"the command {FirstWord(command)} is not run (-NoTemplateCommand, --no-template-command)");
        }
        var shell = Prepare(TemplateShell.Run(command, name => this[name])) with { Terminal = LocalTerminal.Prompt };
        return Wait(runner.RunAsync(shell, null, cancellationToken));
    }

    /// <summary>Templates are evaluated on a thread of their own, which may wait.</summary>
    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static string FirstWord(string command) => command.Split((char[]?)null, 2,
        StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "";
}
