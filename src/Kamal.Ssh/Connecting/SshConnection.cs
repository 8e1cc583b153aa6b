using System.Collections.Concurrent;
using System.Net.Sockets;
using Kamal.Ssh.Agent;
using Kamal.Ssh.Channels;
using Kamal.Ssh.Interop;
using Kamal.Ssh.Targets;
using Kamal.Ssh.Wire;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Kamal.Ssh.Connecting;

/// <summary>A connection. It holds one thread, on which SSH.NET receives; nothing else waits on a thread.</summary>
public sealed class SshConnection : IAsyncDisposable
{
    private readonly Session _session;
    private readonly SshTarget _target;
    private readonly IAsyncDisposable _below;
    private readonly ChannelTable _channels;
    private readonly KeepAlive _keepAlive;
    private readonly AgentForwarding? _agent;
    private readonly ConcurrentQueue<string> _warnings = new();

    internal SshConnection(Session session, SshTarget target, IAsyncDisposable below)
    {
        _session = session;
        _target = target;
        _below = below;
        _channels = new(session);
        _keepAlive = new(session, target);
        if (target.ForwardAgent) _agent = new(session, _channels, target, _warnings.Enqueue);
    }

    /// <summary>SSH.NET's session of this connection.</summary>
    internal Session Session => _session;

    /// <summary>The target's name.</summary>
    public string HostName => _target.Name;

    /// <summary>Whether the connection stands, as far as is known here.</summary>
    public bool IsConnected => !_channels.IsBroken;

    /// <summary>How long the host had not responded when the connection was broken for that reason; null if it was not.</summary>
    public TimeSpan? Silence =>
        _keepAlive.GaveUp || _channels.TimedOut ? _target.KeepAliveInterval * (Math.Max(1, _target.KeepAliveCount) + 1) : null;

    /// <summary>Starts a command on a channel of its own.</summary>
    /// <param name="command">The command line for the account's login shell.</param>
    /// <param name="terminal">The terminal that the command gets; none, if null.</param>
    /// <param name="cancellationToken">Stops the start, not the command.</param>
    /// <exception cref="SshClientException">The connection is broken, or the server opens no more channels.</exception>
    public async Task<SshProcess> StartAsync(string command, SshTerminal? terminal, CancellationToken cancellationToken)
    {
        try
        {
            var channel = await _channels.OpenAsync(ChannelOpenRequest.Session, _target.ConnectTimeout, cancellationToken)
                .ConfigureAwait(false);
            _agent?.Offer(channel);
            return SshProcess.Start(channel, command, _target.Environment, terminal);
        }
        catch (Exception error) when (error is SshException or ObjectDisposedException or IOException or SocketException)
        {
            var id = error is SshOperationTimeoutException || Silence is not null
                ? SshFailureReason.TimedOut
                : SshFailureReason.ConnectionFailed;
            throw new SshClientException(id, $"{HostName}: no session could be opened: {ServerText.Of(error)}", error)
            {
                HostName = HostName,
            };
        }
    }

    /// <summary>Has the host connect to somewhere by TCP.</summary>
    /// <exception cref="SshException">It does not.</exception>
    internal Task<SshChannel> ConnectFromAsync(string address, int port, TimeSpan limit, CancellationToken cancellationToken) =>
        _channels.OpenAsync(ChannelOpenRequest.Tcp(address, port), limit, cancellationToken);

    /// <summary>What the user should know of the connection and was not told yet; each is given once.</summary>
    public IReadOnlyList<string> TakeWarnings()
    {
        List<string> taken = [];
        while (_warnings.TryDequeue(out var warning)) taken.Add(warning);
        return taken;
    }

    /// <summary>Listens on a port of the host's loopback and passes what comes there to an address that this machine reaches.</summary>
    /// <param name="remotePort">The port on the host.</param>
    /// <param name="localHost">The address to pass to.</param>
    /// <param name="localPort">The port to pass to.</param>
    /// <param name="cancellationToken">Stops the set-up.</param>
    /// <returns>Ends the forwarding when disposed.</returns>
    /// <exception cref="SshClientException">The server refuses.</exception>
    public async Task<IAsyncDisposable> ForwardRemotePortAsync(
        int remotePort, string localHost, int localPort, CancellationToken cancellationToken)
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
            throw new SshClientException(
                SshFailureReason.ConnectionFailed, $"{HostName}: port {remotePort} could not be forwarded: {ServerText.Of(error)}", error)
            {
                HostName = HostName,
                Recommendation = "The port may be taken on the host, or sshd_config may forbid it (AllowTcpForwarding).",
            };
        }
    }

    /// <summary>Listens on a port of the host's loopback that the server chooses, and serves its connections in this process.</summary>
    /// <param name="serve">
    /// Serves one connection until the token is cancelled; the stream is closed when it ends. Its failures are not reported.
    /// </param>
    /// <param name="cancellationToken">Stops the set-up.</param>
    /// <exception cref="SshClientException">The server refuses.</exception>
    public async Task<SshListener> ListenAsync(Func<Stream, CancellationToken, Task> serve, CancellationToken cancellationToken)
    {
        try
        {
            return new(await RemoteListener.StartAsync(_session, _channels, _keepAlive.RequestAsync, serve, cancellationToken)
                .ConfigureAwait(false));
        }
        catch (SshException error)
        {
            throw new SshClientException(
                SshFailureReason.ConnectionFailed, $"{HostName}: cannot open a port on the host: {ServerText.Of(error)}", error)
            {
                HostName = HostName,
                Recommendation = "The server must allow TCP forwarding to this account (AllowTcpForwarding in its sshd_config).",
            };
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _keepAlive.Dispose();
        await Task.Run(_session.Dispose).ConfigureAwait(false);
        await _below.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>A port on the host that this process serves, until it is disposed.</summary>
    public sealed class SshListener : IAsyncDisposable
    {
        private readonly RemoteListener _listener;

        internal SshListener(RemoteListener listener) => _listener = listener;

        /// <summary>The port on the host's loopback.</summary>
        public int Port => _listener.Port;

        /// <summary>Ends the listening and the connections that are served.</summary>
        public ValueTask DisposeAsync() => _listener.DisposeAsync();
    }

    private sealed class Forwarding(Session session, ForwardedPortRemote port, KeepAlive keepAlive) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            if (session.IsConnected && port.IsStarted)
            {
                await keepAlive.RequestAsync(port.Stop, CancellationToken.None).ConfigureAwait(false);
            }
            port.Dispose();
        }
    }
}
