using System.Collections.Immutable;
using Kamal.Engine.Events;
using Kamal.Engine.Local;

namespace Kamal.Sessions;

/// <summary>Puts this module's <c>kamal</c> before all others on the PATH of hooks, so that a hook which calls it gets the same version.</summary>
internal static class HookPath
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>The environment variables of hooks; none where no PowerShell is found that could run the module again.</summary>
    /// <param name="sink">Is told when the command cannot be written.</param>
    public static ImmutableDictionary<string, string> Environment(IRunSink sink)
    {
        if (Program() is not { } program) return ImmutableDictionary<string, string>.Empty;
        var data = System.Environment.GetFolderPath(System.Environment.SpecialFolder.LocalApplicationData, System.Environment.SpecialFolderOption.DoNotVerify);
        var folder = Path.Combine(data, "kamal-powershell", "bin");
        try
        {
            // Whoever may write there could give hooks another kamal, or another of any program.
            folder = OwnDirectory.Make(data, "kamal-powershell", "bin");
            Write(folder, program);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            sink.Detail($"Hooks do not get this module's kamal command: {folder} cannot be written: {error.Message}");
            return ImmutableDictionary<string, string>.Empty;
        }

        return ImmutableDictionary<string, string>.Empty.Add("PATH", folder + Path.PathSeparator + System.Environment.GetEnvironmentVariable("PATH"));
    }

    /// <summary>The command that runs Kamal's command line in a process like this one.</summary>
    private static string[]? Program()
    {
        var module = Path.GetDirectoryName(typeof(HookPath).Assembly.Location)!;
        var process = System.Environment.ProcessPath;
        return Path.GetFileNameWithoutExtension(process) switch
        {
            "pwsh" or "pwsh-preview" => [process!, "-NoLogo", "-NoProfile", "-File", Path.Combine(module, "kamal.ps1")],
            // Another program that hosts PowerShell: its hooks use the kamal that is on PATH.
            _ => null,
        };
    }

    private static void Write(string folder, string[] program)
    {
        var file = Path.Combine(folder, OperatingSystem.IsWindows() ? "kamal.cmd" : "kamal");
        var text = OperatingSystem.IsWindows()
            ? $"@{string.Join(' ', program.Select(word => $"\"{word}\""))} %*\r\n"
            : $"#!/bin/sh\nexec {string.Join(' ', program.Select(word => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'"))} \"$@\"\n";
        if (File.Exists(file) && File.ReadAllText(file) == text) return;
        // Another run may use the file just now: it is replaced whole.
        var temporary = $"{file}.{System.Environment.ProcessId}";
        File.WriteAllText(temporary, text);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(temporary, Executable);
        File.Move(temporary, file, overwrite: true);
    }
}
