using System.ComponentModel;
using System.Diagnostics;

namespace Kamal.Ssh.Config;

/// <summary>Runs the commands that ssh_config itself writes for a shell: <c>Match exec</c>, and the start of <c>ProxyCommand</c>.</summary>
/// <remarks>The text is the user's own shell line, with only ssh's tokens filled in, as OpenSSH hands it to the user's shell.</remarks>
internal static class LocalShell
{
    /// <summary>How to start a shell that runs a line.</summary>
    /// <param name="line">The line.</param>
    public static ProcessStartInfo Start(string line)
    {
        if (OperatingSystem.IsWindows()) return new() { FileName = Environment.GetEnvironmentVariable("COMSPEC") ?? "cmd.exe", Arguments = $"/d /s /c \"{line}\"" };
        var shell = Environment.GetEnvironmentVariable("SHELL");
        return new() { FileName = string.IsNullOrEmpty(shell) ? "/bin/sh" : shell, ArgumentList = { "-c", line } };
    }

    /// <summary>Whether a line ends with exit code 0.</summary>
    /// <param name="line">The line.</param>
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
            throw new SshClientException(SshFailureReason.LocalCommandFailed, $"ssh_config's Match exec '{line}' could not be run: {error.Message}", error);
        }
    }
}
