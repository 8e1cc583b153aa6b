namespace Kamal.Engine.Local;

/// <summary>Finds a program as the platform's shell would, but never in the current directory unless a path says so.</summary>
/// <remarks>Process.Start looks beside the running program and in the current directory first, which is not what users mean.</remarks>
internal sealed class ProgramFinder
{
    /// <summary>What Windows uses when PATHEXT is not set.</summary>
    private const string DefaultExtensions = ".COM;.EXE;.BAT;.CMD";

    /// <summary>Whether the rules of Windows apply.</summary>
    public bool IsWindows { get; init; } = OperatingSystem.IsWindows();

    /// <summary>Whether a file exists and may be executed.</summary>
    public Func<string, bool> IsExecutable { get; init; } = IsExecutableFile;

    /// <summary>The full path of a program, or null if there is none.</summary>
    /// <param name="name">A name to look up in PATH, or a path.</param>
    /// <param name="directory">What a relative path is relative to.</param>
    /// <param name="extensions">The PATHEXT variable, on Windows.</param>
    public string? Find(string name, string directory, string? path, string? extensions)
    {
        if (name.Length == 0 || name.Contains('\0')) return null;
        if (HasDirectory(name)) return Probe(Path.GetFullPath(Path.Combine(directory, name)), extensions);
        foreach (var folder in (path ?? "").Split(IsWindows ? ';' : ':', StringSplitOptions.RemoveEmptyEntries))
        {
            var unquoted = IsWindows ? folder.Trim('"') : folder;
            if (unquoted.Length == 0 || !Path.IsPathRooted(unquoted)) continue;
            if (Probe(Path.Combine(unquoted, name), extensions) is { } found) return found;
        }

        return null;
    }

    private bool HasDirectory(string name) => name.Contains('/') || (IsWindows && (name.Contains('\\') || name.Contains(':')));

    private string? Probe(string file, string? extensions)
    {
        if (!IsWindows) return IsExecutable(file) ? file : null;
        var known = (string.IsNullOrWhiteSpace(extensions) ? DefaultExtensions : extensions)
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (known.Any(extension => file.EndsWith(extension, StringComparison.OrdinalIgnoreCase)) && IsExecutable(file)) return file;
        return known.Select(extension => file + extension).FirstOrDefault(IsExecutable);
    }

    private static bool IsExecutableFile(string file)
    {
        if (!File.Exists(file)) return false;
        if (OperatingSystem.IsWindows()) return true;
        const UnixFileMode execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return (File.GetUnixFileMode(file) & execute) != 0;
    }
}
