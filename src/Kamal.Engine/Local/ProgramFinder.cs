namespace Kamal.Engine.Local;

/// <summary>Finds a program as the platform's shell does, but in the current directory only if a path specifies it.</summary>
/// <remarks>Process.Start searches the running program's directory and the current directory first.</remarks>
internal sealed class ProgramFinder
{
    /// <summary>
    /// What a process can be started from. PATHEXT also names kinds of files that only another program opens, such as <c>.JS</c>.
    /// </summary>
    private static readonly string[] Startable = [".COM", ".EXE", ".BAT", ".CMD"];

    /// <summary>Whether to use the rules of Windows.</summary>
    public bool IsWindows { get; init; } = OperatingSystem.IsWindows();

    /// <summary>Returns whether a file exists and can be executed.</summary>
    public Func<string, bool> IsExecutable { get; init; } = IsExecutableFile;

    /// <summary>The full path of a program, or null if it is not found.</summary>
    /// <param name="name">A name to look up in PATH, or a path.</param>
    /// <param name="directory">The base of relative paths.</param>
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
        string[] known =
        [
            .. (extensions ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Where(extension => Startable.Contains(extension, StringComparer.OrdinalIgnoreCase)),
        ];
        if (known.Length == 0) known = Startable;
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
