using System.Diagnostics;
using Kamal.Engine.Hosts;

namespace Kamal.Testing;

/// <summary>A host that is this machine's own shell, so that scripts are tested on a real one.</summary>
/// <param name="shell">The shell.</param>
/// <param name="path">Where it finds programs; this process's PATH, if null.</param>
/// <param name="home">Where commands start; this process's directory, if null.</param>
/// <param name="name">The host's name.</param>
/// <param name="greeting">What the login shell runs before anything else, as from a <c>.bashrc</c>.</param>
/// <param name="latency">How long what the host says is on its way.</param>
internal sealed class LocalShellConnection(
    string shell = "/bin/sh", string? path = null, string? home = null, string name = "local", string greeting = "",
    TimeSpan latency = default) : IHostConnection
{
    public int Started { get; private set; }

    public string HostName => name;

    public bool IsConnected { get; private set; } = true;

    public Task<IRemoteProcess> StartAsync(string command, CancellationToken cancellationToken)
    {
        Started++;
        // As sshd does: a session of its own, and the login shell reads the command line.
        var start = new ProcessStartInfo(
            "setsid", ["-w", shell, "-c", greeting + command.Replace("exec sh", "exec " + shell, StringComparison.Ordinal)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = home ?? "",
        };
        if (path is not null)
        {
            start.FileName = "/usr/bin/setsid";
            start.Environment["PATH"] = path;
        }

        return Task.FromResult<IRemoteProcess>(new LocalProcess(Process.Start(start)!, latency));
    }

    /// <summary>The same: this host has no terminals.</summary>
    public Task<IRemoteProcess> StartAsync(string command, PseudoTerminal terminal, CancellationToken cancellationToken) =>
        StartAsync(command, cancellationToken);

    public Task<IAsyncDisposable> ForwardRemotePortAsync(
        int remotePort, string localHost, int localPort, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("This test's host forwards nothing.");

    public Task<IHostListener> ListenAsync(Func<Stream, CancellationToken, Task> serve, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("This test's host listens on nothing.");

    public ValueTask DisposeAsync()
    {
        IsConnected = false;
        return ValueTask.CompletedTask;
    }

    private sealed class LocalProcess(Process process, TimeSpan latency) : IRemoteProcess
    {
        public Stream Input => process.StandardInput.BaseStream;

        public Stream Output { get; } = latency > TimeSpan.Zero ? new LateStream(
            process.StandardOutput.BaseStream, latency) : process.StandardOutput.BaseStream;

        public Stream ErrorOutput => process.StandardError.BaseStream;

        public Task<int?> Completion { get; } = WaitAsync(process);

        public void Resize(int columns, int rows) => throw new InvalidOperationException("It has no terminal.");

        public async ValueTask DisposeAsync()
        {
            if (!process.HasExited)
            {
                process.StandardInput.Close();
                await process.WaitForExitAsync();
            }

            process.Dispose();
        }

        private static async Task<int?> WaitAsync(Process process)
        {
            await process.WaitForExitAsync();
            return process.ExitCode;
        }
    }
}
