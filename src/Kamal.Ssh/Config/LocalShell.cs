using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Kamal.Ssh.Config;

/// <summary>Runs the shell command lines of ssh_config: <c>Match exec</c> and <c>ProxyCommand</c>.</summary>
/// <remarks>A line is the user's own, with ssh's tokens expanded, and runs in the user's shell, as in OpenSSH.</remarks>
internal static partial class LocalShell
{
    /// <summary>How to start a shell that runs a command line.</summary>
    public static ProcessStartInfo Start(string line)
    {
        if (OperatingSystem.IsWindows())
        {
            return new()
            {
                FileName = Environment.GetEnvironmentVariable("COMSPEC") ?? "cmd.exe",
                Arguments = $"/d /s /c \"{line}\"",
                // In a console, programs can prompt. Without one, each would flash a window of its own.
                CreateNoWindow = GetConsoleWindow() == 0,
            };
        }
        var shell = Environment.GetEnvironmentVariable("SHELL");
        return new() { FileName = string.IsNullOrEmpty(shell) ? "/bin/sh" : shell, ArgumentList = { "-c", line } };
    }

    /// <summary>Whether a command line exits with 0.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="SshClientException"><see cref="SshFailureReason.LocalCommandFailed"/>: the shell cannot be started.</exception>
    public static async Task<bool> IsTrueAsync(string line, CancellationToken cancellationToken)
    {
        var start = Start(line);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            try
            {
                var output = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, cancellationToken);
                var errors = process.StandardError.BaseStream.CopyToAsync(Stream.Null, cancellationToken);
                await Task.WhenAll(process.WaitForExitAsync(cancellationToken), output, errors).ConfigureAwait(false);
                return process.ExitCode == 0;
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }
        }
        catch (Win32Exception error)
        {
            throw new SshClientException(
                SshFailureReason.LocalCommandFailed, $"ssh_config's Match exec '{line}' could not be run: {error.Message}", error);
        }
    }

    [LibraryImport("kernel32")]
    private static partial nint GetConsoleWindow();
}
