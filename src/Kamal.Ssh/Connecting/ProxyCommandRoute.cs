using System.ComponentModel;
using System.Diagnostics;
using Kamal.Ssh.Config;
using Kamal.Ssh.Targets;
using Kamal.Ssh.Transport;
using Kamal.Ssh.Wire;

namespace Kamal.Ssh.Connecting;

/// <summary>A program whose standard streams are the connection: <c>ProxyCommand</c> of ssh_config.</summary>
internal sealed class ProxyCommandRoute : IAsyncDisposable
{
    private const int MaxWords = 2000;
    private readonly Process _process;
    private readonly LoopbackRelay _relay;
    private string _words = "";

    private ProxyCommandRoute(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { Length: > 0 } text && _words.Length < MaxWords) _words += text + "\n";
        };
        process.BeginErrorReadLine();
        _relay = new(process.StandardInput.BaseStream, process.StandardOutput.BaseStream);
    }

    /// <summary>Starts it. Like OpenSSH this uses the user's shell: the command is a line of shell that the user wrote.</summary>
    /// <exception cref="SshClientException"><see cref="SshFailureReason.ConnectionFailed"/>: it cannot be started.</exception>
    public static Route Start(SshTarget target)
    {
        var start = LocalShell.Start(OperatingSystem.IsWindows() ? target.ProxyCommand! : "exec " + target.ProxyCommand);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        try
        {
            var proxy = new ProxyCommandRoute(Process.Start(start)!);
            return new([proxy._relay.EndPoint], proxy, () => proxy._words.Length > 0
                ? $"'{target.ProxyCommand}' said: {ServerText.Clean(proxy._words)}"
                : null);
        }
        catch (Win32Exception failure)
        {
            throw new SshClientException(
                SshFailureReason.ConnectionFailed,
                $"{target.Name}: the proxy command '{target.ProxyCommand}' could not be started: {failure.Message}",
                failure)
            {
                HostName = target.Name,
            };
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _relay.DisposeAsync().ConfigureAwait(false);
        try
        {
            if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        }
        catch (Exception failure) when (failure is InvalidOperationException or Win32Exception)
        {
            // It has just ended by itself.
        }
        finally
        {
            _process.Dispose();
        }
    }
}
