using System.Collections.Concurrent;
using System.Text;
using Kamal.Ssh.Interop;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Messages.Connection;

namespace Kamal.Ssh.Channels;

/// <summary>
/// A port of the host's loopback whose connections are served by this process, each on a channel of its own (RFC 4254, section 7). No
/// socket of this machine is involved.
/// </summary>
internal sealed class RemoteListener : IAsyncDisposable
{
    private const string Loopback = "localhost";
    private const string ForwardedConnection = "forwarded-tcpip";

    private readonly Session _session;
    private readonly ChannelTable _channels;
    private readonly Func<Stream, CancellationToken, Task> _serve;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Task, bool> _served = new();
    private volatile int _port;

    private RemoteListener(Session session, ChannelTable channels, Func<Stream, CancellationToken, Task> serve)
    {
        _session = session;
        _channels = channels;
        _serve = serve;
        // The server may only open channels and answer requests of which SSH.NET has been told to expect messages.
        foreach (var name in (string[])["SSH_MSG_REQUEST_SUCCESS", "SSH_MSG_REQUEST_FAILURE", "SSH_MSG_CHANNEL_OPEN"])
        {
            session.RegisterMessage(name);
        }
    }

    /// <summary>The port on the host, which the server chose.</summary>
    public int Port => _port;

    /// <summary>Sends global requests one after another; the action sends one and waits for its reply.</summary>
    private Func<Action, CancellationToken, Task> Request { get; init; } = null!;

    /// <summary>Begins to listen.</summary>
    /// <param name="session">The session, logged in.</param>
    /// <param name="channels">The session's channels.</param>
    /// <param name="request">Sends global requests one after another; the action sends one and waits for its reply.</param>
    /// <param name="serve">Serves one connection; the stream is closed when it ends.</param>
    /// <param name="cancellationToken">Stops the set-up.</param>
    /// <exception cref="SshException">The server refuses, or the connection is broken.</exception>
    public static async Task<RemoteListener> StartAsync(
        Session session, ChannelTable channels, Func<Action, CancellationToken, Task> request,
        Func<Stream, CancellationToken, Task> serve, CancellationToken cancellationToken)
    {
        var listener = new RemoteListener(session, channels, serve) { Request = request };
        await request(listener.Ask, cancellationToken).ConfigureAwait(false);
        session.ChannelOpenReceived += listener.Opening;
        return listener;
    }

    public async ValueTask DisposeAsync()
    {
        _session.ChannelOpenReceived -= Opening;
        await _stop.CancelAsync().ConfigureAwait(false);
        if (_session.IsConnected) await Request(Cancel, CancellationToken.None).ConfigureAwait(false);
        await Task.WhenAll(_served.Keys).ConfigureAwait(false);
        _stop.Dispose();
    }

    private void Ask()
    {
        var reply = Reply(() => _session.Send(SshNetInternals.ListenRequest(Loopback, 0)));
        _port = (int)(reply ?? throw new SshException("the server did not say which port it listens on."));
    }

    private void Cancel()
    {
        try
        {
            Reply(() => _session.Send(SshNetInternals.StopListeningRequest(Loopback, (uint)_port)));
        }
        catch (SshException)
        {
            // The connection broke, and with it ended the listening.
            return;
        }
    }

    /// <summary>Sends a request and waits for the reply to it.</summary>
    /// <returns>The port in the reply, if it has one.</returns>
    private uint? Reply(Action send)
    {
        var reply = new TaskCompletionSource<uint?>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Succeeded(object? sender, MessageEventArgs<RequestSuccessMessage> e) => reply.TrySetResult(e.Message.BoundPort);
        void Failed(object? sender, MessageEventArgs<RequestFailureMessage> e) =>
            reply.TrySetException(new SshException("the server refused to listen on a port."));
        void Ended(object? sender, EventArgs e) => reply.TrySetException(new SshConnectionException("The connection has ended."));
        _session.RequestSuccessReceived += Succeeded;
        _session.RequestFailureReceived += Failed;
        _session.Disconnected += Ended;
        _session.ErrorOccured += Ended;
        try
        {
            send();
            return reply.Task.WaitAsync(_session.ConnectionInfo.Timeout).GetAwaiter().GetResult();
        }
        catch (TimeoutException late)
        {
            throw new SshOperationTimeoutException("the server did not answer a request to listen on a port.", late);
        }
        finally
        {
            _session.RequestSuccessReceived -= Succeeded;
            _session.RequestFailureReceived -= Failed;
            _session.Disconnected -= Ended;
            _session.ErrorOccured -= Ended;
        }
    }

    private void Opening(object? sender, MessageEventArgs<ChannelOpenMessage> e)
    {
        var asked = e.Message;
        if (Encoding.ASCII.GetString(asked.ChannelType) != ForwardedConnection
            || SshNetInternals.PortOf(asked.Info) != _port) return;
        // Not on the receive thread: sending may wait for it.
        var served = Task.Run(() => ServeAsync(asked), CancellationToken.None);
        _served.TryAdd(served, true);
        _ = served.ContinueWith(done => _served.TryRemove(done, out _), TaskScheduler.Default);
    }

    private async Task ServeAsync(ChannelOpenMessage asked)
    {
        try
        {
            using var channel = _channels.Accept(asked);
            var stream = new ChannelStream(channel);
            await using var closed = stream.ConfigureAwait(false);
            // A connection that waits for its next request ends with the listener.
            using var ended = _stop.Token.Register(channel.Dispose);
            await _serve(stream, _stop.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (
            failure is IOException or SshException or ObjectDisposedException or OperationCanceledException)
        {
            // The client on the host sees its connection closed.
            return;
        }
    }
}
