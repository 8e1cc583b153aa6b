using System.Collections.Concurrent;
using System.Net.Sockets;
using Kamal.Adapters.Ssh.Channels;
using Kamal.Engine;
using Kamal.Engine.Hosts;
using Kamal.Engine.Ssh;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Kamal.Adapters.Ssh;

/// <summary>A connection of SSH.NET's. It holds one thread, SSH.NET's own, that receives; nothing of ours waits on a thread.</summary>
internal sealed class SshNetConnection : IHostConnection
{
    private readonly Session _session;
    private readonly SshTarget _target;
    private readonly IAsyncDisposable _below;
    private readonly ChannelTable _channels;
    private readonly KeepAlive _keepAlive;
    private readonly AgentForwarding? _agent;
    private readonly ConcurrentQueue<string> _warnings = new();

    /// <param name="session">SSH.NET's session, logged in.</param>
    /// <param name="target">Where it leads.</param>
    /// <param name="below">What carries it; disposed with it.</param>
    public SshNetConnection(Session session, SshTarget target, IAsyncDisposable below)
    {
        _session = session;
        _target = target;
        _below = below;
        _channels = new(session);
        _keepAlive = new(session, target);
        if (target.ForwardAgent) _agent = new(session, _channels, target, _warnings.Enqueue);
    }

    public string HostName => _target.Name;

    public bool IsConnected => !_channels.IsBroken;

    public Task<IRemoteProcess> StartAsync(string command, CancellationToken cancellationToken) => OpenAsync(command, null, cancellationToken);

    public Task<IRemoteProcess> StartAsync(string command, PseudoTerminal terminal, CancellationToken cancellationToken) => OpenAsync(command, terminal, cancellationToken);

    private async Task<IRemoteProcess> OpenAsync(string command, PseudoTerminal? terminal, CancellationToken cancellationToken)
    {
        try
        {
            var channel = await _channels.OpenAsync(ChannelKind.Session, cancellationToken).ConfigureAwait(false);
            _agent?.Offer(channel);
            return SshNetProcess.Start(channel, command, _target.Environment, terminal);
        }
        catch (Exception error) when (error is SshException or ObjectDisposedException or IOException or SocketException)
        {
            var id = error is SshOperationTimeoutException ? KamalErrorId.TimedOut : KamalErrorId.ConnectionFailed;
            throw new KamalException(id, $"{HostName}: no session could be opened: {ServerText.Of(error)}", error) { HostName = HostName };
        }
    }

    /// <summary>Has the host connect to somewhere by TCP.</summary>
    /// <exception cref="SshException">It does not.</exception>
    public Task<SshChannel> ConnectFromAsync(string address, int port, CancellationToken cancellationToken) =>
        _channels.OpenAsync(ChannelKind.Tcp(address, port), cancellationToken);

    public IReadOnlyList<string> TakeWarnings()
    {
        List<string> taken = [];
        while (_warnings.TryDequeue(out var warning)) taken.Add(warning);
        return taken;
    }

    public async Task<IAsyncDisposable> ForwardRemotePortAsync(int remotePort, string localHost, int localPort, CancellationToken cancellationToken)
    {
        var port = new ForwardedPortRemote("localhost", (uint)remotePort, localHost, (uint)localPort);
        try
        {
            _session.Attach(port);
            await _keepAlive.RequestAsync(port.Start, cancellationToken).ConfigureAwait(false);
            return new Forwarding(_session, port, _keepAlive);
        }
        catch (Exception error)
        {
            port.Dispose();
            if (error is not SshException) throw;
            throw new KamalException(KamalErrorId.ConnectionFailed, $"{HostName}: port {remotePort} could not be forwarded: {ServerText.Of(error)}", error)
            {
                HostName = HostName,
                Recommendation = "The port may be taken on the host, or sshd_config may forbid it (AllowTcpForwarding).",
            };
        }
    }

    public async ValueTask DisposeAsync()
    {
        _keepAlive.Dispose();
        await Task.Run(_session.Dispose).ConfigureAwait(false);
        await _below.DisposeAsync().ConfigureAwait(false);
    }

    private sealed class Forwarding(Session session, ForwardedPortRemote port, KeepAlive keepAlive) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            if (session.IsConnected && port.IsStarted) await keepAlive.RequestAsync(port.Stop, CancellationToken.None).ConfigureAwait(false);
            port.Dispose();
        }
    }
}
