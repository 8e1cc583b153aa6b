using System.Collections.Immutable;
using System.Reflection;
using Kamal.Common;
using Kamal.Engine.Events;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary><c>kamal init</c>: writes a first deploy.yml, a secrets file and sample hooks; never over a file that is there.</summary>
/// <remarks>It needs no configuration, so unlike other operations it has no context.</remarks>
/// <param name="options">Where and how.</param>
public sealed class InitializeProjectOperation(InitializeProjectOptions options)
{
    private const string Root = "Templates/";
    private const string Hooks = "hooks/";
    private const string Secrets = "secrets";
    private const string PowerShellEnding = ".ps1";

    private const UnixFileMode ExecutableMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute |
        UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Writes the files.</summary>
    /// <param name="sink">Gets one result a file, and what to do next.</param>
    /// <exception cref="KamalException"><see cref="KamalErrorId.FileUnavailable"/>: a file or directory could not be written.</exception>
    public IReadOnlyList<KamalProjectFile> Run(IRunSink sink)
    {
        List<KamalProjectFile> files = [Write("deploy.yml", "config/deploy.yml"), Write(Secrets, ".kamal/secrets")];
        // A project with hooks needs no samples.
        var hasHooks = Directory.Exists(PathOf(".kamal/hooks")) && Directory.EnumerateFileSystemEntries(PathOf(".kamal/hooks")).Any();
        if (!hasHooks) files.AddRange(HookTemplates().Select(template => Write(template, $".kamal/{template}.sample")));
        foreach (var file in files) sink.Produce(file);
        return files;
    }

    private KamalProjectFile Write(string template, string path)
    {
        var full = PathOf(path);
        if (File.Exists(full)) return new(path, HostOutcome.Skipped);
        if (options.IsPreview) return new(path, HostOutcome.Previewed);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            using var source = Assembly.GetExecutingAssembly().GetManifestResourceStream(Root + template)!;
            var created = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            // Secrets are the operator's alone from their first moment, whatever the umask says.
            if (!OperatingSystem.IsWindows() && template == Secrets)
            {
                created.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }
            using (var file = OperatingSystem.IsWindows() && template == Secrets
                ? WindowsAccess.CreateFile(full) : new FileStream(full, created)) source.CopyTo(file);
            if (!OperatingSystem.IsWindows() && template.StartsWith(Hooks, StringComparison.Ordinal))
            {
                File.SetUnixFileMode(full, ExecutableMode);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KamalException(KamalErrorId.FileUnavailable, $"{full} could not be written: {error.Message}", error);
        }

        return new(path, HostOutcome.Succeeded);
    }

    private ImmutableArray<string> HookTemplates() =>
    [
        .. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith(Root + Hooks, StringComparison.Ordinal)
                && name.EndsWith(PowerShellEnding, StringComparison.Ordinal) == options.PowerShellHooks)
            .Select(name => name[Root.Length..]).Order(StringComparer.Ordinal),
    ];

    private string PathOf(string path) => Path.Combine(options.ProjectDirectory, path);
}

/// <summary>How a project begins.</summary>
/// <param name="ProjectDirectory">The project's directory.</param>
public sealed record InitializeProjectOptions(string ProjectDirectory)
{
    /// <summary>Sample hooks are PowerShell scripts, which also run on Windows, instead of shell scripts.</summary>
    public bool PowerShellHooks { get; init; } = OperatingSystem.IsWindows();

    /// <summary>Nothing is written, only told.</summary>
    public bool IsPreview { get; init; }
}
