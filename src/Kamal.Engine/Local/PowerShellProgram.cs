namespace Kamal.Engine.Local;

/// <summary>Runs the user's PowerShell text and scripts in a process of their own, in UTF-8, with the exit codes of other shells.</summary>
/// <remarks>Text and paths travel in an environment variable: nothing quotes them, and no process list shows them.</remarks>
internal static class PowerShellProgram
{
    private const string Utf8 = "try { $OutputEncoding = [Console]::OutputEncoding = [Text.UTF8Encoding]::new($false) } catch { }; ";

    /// <summary>The PowerShell to start: this process's own, else <c>pwsh</c>, else Windows PowerShell.</summary>
    /// <param name="processPath">The running program.</param>
    /// <param name="isInPath">Whether a program is in PATH.</param>
    public static string Find(string? processPath, Func<string, bool> isInPath) =>
        Path.GetFileNameWithoutExtension(processPath) is "pwsh" or "pwsh-preview" ? processPath!
        : isInPath("pwsh") || !isInPath("powershell") ? "pwsh"
        : "powershell";

    /// <summary>
    /// A command that runs the text of a variable. It ends at the first error, which it writes to standard error; its exit code is that
    /// of the last program which the text ran, or 1 after an error.
    /// </summary>
    /// <param name="program">The PowerShell.</param>
    /// <param name="variable">The variable's name.</param>
    /// <param name="text">The text.</param>
    public static LocalCommand RunText(string program, string variable, LocalText text) => LocalCommand.Of(
        program, "-NoProfile", "-NonInteractive", "-Command",
        LocalText.Redacted(
            // The console may be the operator's: it gets its code page back.
            $"$was = [Console]::OutputEncoding; {Utf8}"
            + $"try {{ $ErrorActionPreference = 'Stop'; & ([scriptblock]::Create($env:{variable})) | Out-Default }} "
            + $"catch {{ [Console]::Error.WriteLine(\"$_\"); exit 1 }} "
            + "finally { try { [Console]::OutputEncoding = $was } catch { } } exit $LASTEXITCODE",
            $"& $env:{variable}")).WithVariable(variable, text);

    /// <summary>Text inside single quotes, for which PowerShell takes typographic ones too.</summary>
    /// <param name="text">The text.</param>
    public static string InQuotes(string text) =>
        string.Concat(text.Select(c => c is '\'' or '\u2018' or '\u2019' or '\u201A' or '\u201B' ? $"{c}{c}" : $"{c}"));

    /// <summary>A command that runs a script, with the exit codes of <c>pwsh -File</c>.</summary>
    /// <param name="program">The PowerShell.</param>
    /// <param name="variable">The variable that gets the script's path.</param>
    /// <param name="file">The script's path. On Windows, PowerShell runs only <c>.ps1</c> files; of another, it runs the text.</param>
    public static LocalCommand RunFile(string program, string variable, string file)
    {
        var run = file.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase)
            ? $"& $env:{variable}; $ended = $?"
            : $"& ([scriptblock]::Create([IO.File]::ReadAllText($env:{variable}))); $ended = $true";
        return LocalCommand.Of(
            program, "-NoProfile", "-NonInteractive", "-Command",
            LocalText.Redacted(
                // Without `try`, in which the script would end at errors that it goes on after.
                $"{Utf8}{run}; if (-not $ended) {{ exit $LASTEXITCODE }}", $"& $env:{variable}")).WithVariable(variable, file);
    }
}
