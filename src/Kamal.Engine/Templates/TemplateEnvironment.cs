using Kamal.Common;
using Kamal.Engine.Local;

namespace Kamal.Engine.Templates;

/// <summary>What a template can reach: the environment with variables over it, commands of the platform's shell, files of the project.</summary>
/// <remarks>Variables that <c>Dotenv.load</c> brings stay here; the process's own environment is never changed.</remarks>
internal sealed class TemplateEnvironment(string projectDirectory, ILocalRunner runner, bool runsCommands = true)
{
    private readonly Dictionary<string, string?> _over = new(StringComparer.Ordinal);

    /// <summary>A variable's value, or null where it is not set.</summary>
    public string? this[string name]
    {
        get => _over.TryGetValue(name, out var value) ? value : name.Length == 0 || name.Contains('=', StringComparison.Ordinal) || name.Contains('\0', StringComparison.Ordinal) ? null : Environment.GetEnvironmentVariable(name);
        set => _over[name] = value;
    }

    /// <summary>The variables that <c>Dotenv.load</c> brought.</summary>
    public Dictionary<string, string> Loaded { get; } = new(StringComparer.Ordinal);

    /// <summary>Runs a command in the platform's shell (<see cref="TemplateShell"/>) in the project's directory.</summary>
    /// <returns>What it printed. As in Ruby, a failure counts as long as it printed something; with nothing printed it is an error.</returns>
    public async Task<string> RunAsync(string command, CancellationToken cancellationToken)
    {
        if (!runsCommands) throw new TemplateError($"the command {FirstWord(command)} is not run (-NoTemplateCommand, --no-template-command)");
        var shell = TemplateShell.Run(command, name => this[name]) with
        {
            WorkingDirectory = projectDirectory,
            Terminal = LocalTerminal.Prompt,
            HasSecretOutput = true,
            Effect = Hosts.StepEffect.ReadOnly,
        };
        foreach (var (name, value) in _over) shell = shell.WithVariable(name, value is null ? null : LocalText.Redacted(value));
        var result = await runner.RunAsync(shell, null, cancellationToken).ConfigureAwait(false);
        if (!result.Succeeded && result.ReadOutput().Trim().Length == 0)
        {
            throw new TemplateError($"the command {FirstWord(command)} failed with exit code {result.ExitCode} and printed nothing");
        }

        return result.ReadOutput();
    }

    public bool FileExists(string path) => Path.Exists(Resolve(path));

    public async Task<string> ReadFileAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await BoundedFile.ReadTextAsync(Resolve(path), BoundedFile.SettingsLimit, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new TemplateError($"the file {path} cannot be read: {error.Message}");
        }
    }

    /// <summary>Loads dotenv files; missing ones are left out, and what is already set stays, as dotenv does.</summary>
    public async Task<object?> LoadDotenvAsync(IReadOnlyList<string> files, bool overwrite, CancellationToken cancellationToken)
    {
        foreach (var file in files.Where(FileExists))
        {
            var text = await ReadFileAsync(file, cancellationToken).ConfigureAwait(false);
            foreach (var (name, value) in DotenvValues.Read(text, file, name => this[name]))
            {
                if (!overwrite && this[name] is not null) continue;
                this[name] = value;
                Loaded[name] = value;
            }
        }

        return true;
    }

    private string Resolve(string path) => Path.GetFullPath(Path.Combine(projectDirectory, path));

    private static string FirstWord(string command) => command.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "";
}
