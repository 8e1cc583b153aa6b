using System.Diagnostics;
using System.Net.Sockets;

namespace Kamal.Ssh.Tests.Support;

/// <summary>An ssh-agent of its own.</summary>
internal sealed class SshAgentProcess : IDisposable
{
    private readonly Process _process;

    public SshAgentProcess(string folder)
    {
        Address = Path.Combine(folder, "agent.sock");
        // The shell reads our pipe: the agent ends when this process does, however it ends.
        _process = Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", "ssh-agent -D -a \"$1\" >/dev/null 2>&1 & read -r _; kill $!", "sh", Address])
            {
                RedirectStandardInput = true,
            })!;
        for (var i = 0; !IsListening && i < 1000; i++) Thread.Sleep(10);
    }

    public string Address { get; }

    /// <summary>Whether it accepts connections; its socket is there a little before.</summary>
    private bool IsListening
    {
        get
        {
            try
            {
                using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                socket.Connect(new UnixDomainSocketEndPoint(Address));
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        }
    }

    public void Add(string key)
    {
        using var adding = Process.Start(
            new ProcessStartInfo("ssh-add", ["-q", key]) { Environment = { ["SSH_AUTH_SOCK"] = Address }, RedirectStandardInput = true })!;
        adding.WaitForExit();
        if (adding.ExitCode != 0) throw new InvalidOperationException("ssh-add failed.");
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
