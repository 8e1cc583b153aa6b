using Kamal.Engine;
using Kamal.Engine.Hosts;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Kamal.Adapters.Ssh;

/// <summary>A connection of SSH.NET's. It holds one thread, SSH.NET's own, that receives; nothing of ours waits on a thread.</summary>
internal sealed class SshNetConnection(SshClient client, string hostName, IAsyncDisposable below) : IHostConnection
{
    /// <summary>SSH.NET's own.</summary>
    public SshClient Client => client;

    public string HostName => hostName;

    public bool IsConnected => client.IsConnected;

    public async Task<IRemoteProcess> StartAsync(string command, CancellationToken cancellationToken) =>
        await SshNetProcess.StartAsync(client, hostName, command, cancellationToken).ConfigureAwait(false);

    public async Task<IAsyncDisposable> ForwardRemotePortAsync(int remotePort, string localHost, int localPort, CancellationToken cancellationToken)
    {
        var port = new ForwardedPortRemote("localhost", (uint)remotePort, localHost, (uint)localPort);
        try
        {
            await Task.Run(() =>
            {
                client.AddForwardedPort(port);
                port.Start();
            }, cancellationToken).ConfigureAwait(false);
            return new Forwarding(client, port);
        }
        catch (SshException error)
        {
            port.Dispose();
            throw new KamalException(KamalErrorId.ConnectionFailed, $"{hostName}: port {remotePort} could not be forwarded: {error.Message}", error)
            {
                HostName = hostName,
                Recommendation = "The port may be taken on the host, or sshd_config may forbid it (AllowTcpForwarding).",
            };
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.Run(client.Dispose).ConfigureAwait(false);
        await below.DisposeAsync().ConfigureAwait(false);
    }

    private sealed class Forwarding(SshClient client, ForwardedPortRemote port) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await Task.Run(() =>
        {
            if (client.IsConnected) port.Stop();
            port.Dispose();
        }).ConfigureAwait(false);
    }
}
