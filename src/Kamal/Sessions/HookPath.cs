using System.Collections.Immutable;
using Kamal.Engine.Events;
using Kamal.Engine.Local;

namespace Kamal.Sessions;

/// <summary>Puts this module's <c>kamal</c> first on the PATH of hooks, so that a hook runs the same version.</summary>
internal static class HookPath
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const string PowerShell = "KAMAL_HOOK_POWERSHELL";
    private const string Script = "KAMAL_HOOK_SCRIPT";

    /// <summary>The environment variables for hooks, or none if this process is not a PowerShell that can run the module again.</summary>
    /// <param name="sink">Receives a message if the command cannot be written.</param>
    public static ImmutableDictionary<string, string> Environment(IRunSink sink)
    {
        if (Program() is not { } program) return ImmutableDictionary<string, string>.Empty;
        var data = System.Environment.GetFolderPath(
            System.Environment.SpecialFolder.LocalApplicationData, System.Environment.SpecialFolderOption.DoNotVerify);
        var folder = Path.Combine(data, "kamal-powershell", "bin");
        try
        {
            // Other users must not be able to write here, or they could replace any program that a hook runs.
            folder = OwnDirectory.Make(data, "kamal-powershell", "bin");
            Write(folder, program);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            sink.Detail($"{folder} cannot be written, so hooks do not find this module's kamal command: {error.Message}");
            return ImmutableDictionary<string, string>.Empty;
        }

        var variables = ImmutableDictionary<string, string>.Empty
            .Add("PATH", folder + Path.PathSeparator + System.Environment.GetEnvironmentVariable("PATH"));
        return OperatingSystem.IsWindows() ? variables.Add(PowerShell, program[0]).Add(Script, program[^1]) : variables;
    }

    /// <summary>The command that runs Kamal's command line in a new process.</summary>
    private static string[]? Program()
    {
        var module = Path.GetDirectoryName(typeof(HookPath).Assembly.Location)!;
        var process = System.Environment.ProcessPath;
        return Path.GetFileNameWithoutExtension(process) switch
        {
            "pwsh" or "pwsh-preview" => [process!, "-NoLogo", "-NoProfile", "-File", Path.Combine(module, "kamal.ps1")],
            // In another program that hosts PowerShell, hooks use the kamal on the PATH.
            _ => null,
        };
    }

    private static void Write(string folder, string[] program)
    {
        foreach (var (name, text) in Files(program, OperatingSystem.IsWindows()))
        {
            var file = Path.Combine(folder, name);
            if (File.Exists(file) && File.ReadAllText(file) == text) continue;
            // Another run may be using the file, so it is replaced in one step.
            var temporary = $"{file}.{System.Environment.ProcessId}";
            File.WriteAllText(temporary, text);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(temporary, Executable);
            File.Move(temporary, file, overwrite: true);
        }
    }

    /// <summary>The names and texts of the files.</summary>
    /// <param name="program">The command.</param>
    /// <param name="isWindows">
    /// Whether they are for Windows. cmd.exe reads batch files in the system's code page and expands % in them, so paths are in
    /// variables. Git's <c>sh</c> does not find a <c>.cmd</c>, and gets a script of its own.
    /// </param>
    internal static IEnumerable<(string Name, string Text)> Files(string[] program, bool isWindows)
    {
        if (!isWindows)
        {
            return [("kamal", $"#!/bin/sh\nexec {string.Join(' ', program.Select(word => ShellWord.Literal(word).Text))} \"$@\"\n")];
        }

        var options = string.Join(' ', program[1..^1]);
        return
        [
            ("kamal.cmd", $"@\"%{PowerShell}%\" {options} \"%{Script}%\" %*\r\n"),
            ("kamal", $"#!/bin/sh\nexec \"${PowerShell}\" {options} \"${Script}\" \"$@\"\n"),
        ];
    }
}
