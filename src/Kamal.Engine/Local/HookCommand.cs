using System.Text;

namespace Kamal.Engine.Local;

/// <summary>
/// How a hook's file is started. Unix starts whatever may be executed; Windows knows no <c>#!</c>, so there its interpreter is looked up
/// in PATH, and for shells in the directories of Git for Windows too.
/// </summary>
internal sealed class HookCommand
{
    /// <summary>Whether the rules of Windows apply.</summary>
    public bool IsWindows { get; init; } = OperatingSystem.IsWindows();

    /// <summary>The running program.</summary>
    public string? ProcessPath { get; init; } = Environment.ProcessPath;

    /// <summary>Reads environment variables.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>Finds programs.</summary>
    public ProgramFinder Finder { get; init; } = new();

    /// <summary>A hook's file: its bare name or its name with <c>.ps1</c>, which Windows prefers. Null if there is neither.</summary>
    /// <param name="path">The file without <c>.ps1</c>.</param>
    public string? FindFile(string path)
    {
        string[] files = IsWindows ? [path + ".ps1", path] : [path, path + ".ps1"];
        return files.FirstOrDefault(File.Exists);
    }

    /// <summary>The command that runs a hook.</summary>
    /// <param name="file">The hook's file.</param>
    /// <exception cref="KamalException">Windows cannot run it.</exception>
    public LocalCommand For(string file)
    {
        if (file.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase)) return PowerShell(file);
        if (!IsWindows) return !OperatingSystem.IsWindows() && NeedsShell(file) ? LocalCommand.Of("sh", file) : LocalCommand.Of(file);
        var words = Interpreter(FirstLine(file)) ?? ["sh"];
        if (words[0] == "pwsh") return PowerShell(file);
        var program = words[0] is "sh" or "bash" or "dash" ? FindShell(words[0]) : Find(words[0]);
        if (program is null) throw CannotRun(file, $"its interpreter {words[0]} is not in PATH");
        return LocalCommand.Of(program, [.. words[1..].Select(LocalText.Plain), file.Replace('\\', '/')]);
    }

    /// <summary>
    /// Whether a file can be executed but names no interpreter, as without <c>#!</c> or with a byte order mark before it. The system
    /// refuses it, and Kamal's <c>env</c> then has <c>sh</c> run it.
    /// </summary>
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static bool NeedsShell(string file)
    {
        try
        {
            const UnixFileMode executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
            if ((File.GetUnixFileMode(file) & executable) == 0) return false;
            using var stream = File.OpenRead(file);
            Span<byte> start = stackalloc byte[128];
            start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
            // A program has zeros among its first bytes, a script has none.
            return !start.StartsWith("#!"u8) && !start.Contains((byte)0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Starting it gives the error.
            return false;
        }
    }

    private LocalCommand PowerShell(string file) =>
        PowerShellProgram.RunFile(PowerShellProgram.Find(ProcessPath, name => Find(name) is not null), "KAMAL_HOOK_FILE", file);

    /// <summary>The interpreter's name, without its directory, and its own arguments; null without a <c>#!</c>.</summary>
    private static string[]? Interpreter(string line)
    {
        if (!line.StartsWith("#!", StringComparison.Ordinal)) return null;
        var words = line[2..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length > 0 && words[0].EndsWith("/env", StringComparison.Ordinal))
        {
            words = [.. words[1..].SkipWhile(word => word is "-S" or "--")];
        }

        if (words.Length == 0) return null;
        words[0] = words[0][(words[0].LastIndexOfAny(['/', '\\']) + 1)..];
        return words[0].Length == 0 ? null : words;
    }

    private static string FirstLine(string file)
    {
        try
        {
            using var reader = new StreamReader(file, new UTF8Encoding(false));
            var start = new char[256];
            var text = new string(start, 0, reader.ReadBlock(start));
            return text.IndexOf('\n') is var end and >= 0 ? text[..end] : text;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KamalException(KamalErrorId.LocalCommandFailed, $"{file} cannot be read: {error.Message}", error);
        }
    }

    private string? Find(string name) => Finder.Find(name, Path.GetFullPath("."), Variable("PATH"), Variable("PATHEXT"));

    /// <summary>A POSIX shell for the files of Windows, which the <c>bash</c> of WSL is not.</summary>
    private string? FindShell(string name)
    {
        string[] wsl = [Variable("SystemRoot") ?? @"C:\Windows", Variable("LOCALAPPDATA") + @"\Microsoft\WindowsApps"];
        var path = (Variable("PATH") ?? "").Split(';')
            .Where(folder => !wsl.Any(start => folder.Trim('"').StartsWith(start, StringComparison.OrdinalIgnoreCase)));
        // git.exe is in PATH as Git\cmd\git.exe, mostly without Git's shell.
        var git = Find("git") is { } found && Path.GetDirectoryName(Path.GetDirectoryName(found)) is { } root ? root : null;
        var roots = new[] { git, Variable("ProgramFiles") + @"\Git", Variable("LOCALAPPDATA") + @"\Programs\Git" }.OfType<string>();
        var folders = path.Concat(roots.SelectMany(folder => new[] { folder + @"\bin", folder + @"\usr\bin" }));
        return Finder.Find(name, Path.GetFullPath("."), string.Join(';', folders), Variable("PATHEXT"));
    }

    private static KamalException CannotRun(string file, string why) =>
        new(KamalErrorId.HookFailed, $"The hook {file} cannot run on Windows: {why}.")
        {
            Recommendation = $"On Windows, write {Path.GetFileName(file)}.ps1 beside it, install Git for Windows for its sh, or skip hooks "
                + "with -SkipHooks (--skip-hooks).",
        };
}
