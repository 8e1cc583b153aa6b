using System.ComponentModel;
using System.Diagnostics;
using Kamal.Engine;
using Kamal.Engine.Ssh;

namespace Kamal.Adapters.Ssh;

/// <summary>A program whose standard streams are the connection: <c>ProxyCommand</c> of ssh_config, <c>ssh.proxy_command</c> of deploy.yml.</summary>
internal sealed class ProxyProcess : IAsyncDisposable
{
    private const int MaxWords = 2000;
    private readonly Process _process;
    private readonly LoopbackRelay _relay;
    private string _words = "";

    private ProxyProcess(Process process)
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
    /// <exception cref="KamalException"><see cref="KamalErrorId.ConnectionFailed"/>: it cannot be started.</exception>
    public static Route Start(SshTarget target)
    {
        var start = LocalShell.Start(OperatingSystem.IsWindows() ? target.ProxyCommand! : "exec " + target.ProxyCommand);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        try
        {
            var proxy = new ProxyProcess(Process.Start(start)!);
            return new([proxy._relay.EndPoint], proxy, () => proxy._words.Length > 0 ? $"'{target.ProxyCommand}' said: {ServerText.Clean(proxy._words)}" : null);
        }
        catch (Win32Exception failure)
        {
            throw new KamalException(KamalErrorId.ConnectionFailed, $"{target.Name}: the proxy command '{target.ProxyCommand}' could not be started: {failure.Message}", failure) { HostName = target.Name };
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _relay.DisposeAsync();
        try
        {
            if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        }
        catch (Exception failure) when (failure is InvalidOperationException or Win32Exception)
        {
            // It ended by itself just now.
        }
        finally
        {
            _process.Dispose();
        }
    }
}
