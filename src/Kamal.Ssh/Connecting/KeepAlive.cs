using System.Net.Sockets;
using Kamal.Ssh.Interop;
using Kamal.Ssh.Targets;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Kamal.Ssh.Connecting;

/// <summary>
/// Probes a silent server, and breaks the connection if it does not respond: OpenSSH's
/// <c>ServerAliveInterval</c> and <c>ServerAliveCountMax</c>. SSH.NET's keepalive does not wait for a reply, and TCP's is
/// answered by a jump host, or by the kernel of a host that hangs.
/// </summary>
internal sealed class KeepAlive : IDisposable
{
    private readonly Session _session;
    private readonly int _limit;
    private readonly Timer? _timer;
    private readonly AsyncLock _turn = new();
    private readonly Lock _lock = new();
    private volatile bool _heard;
    private volatile int _outstanding;
    private int _missed;
    private bool _isPaused;
    private bool _isSending;
    private volatile bool _gaveUp;

    /// <summary>Begins.</summary>
    /// <param name="session">The session, which is logged in.</param>
    /// <param name="target">Says how long a silence may be.</param>
    public KeepAlive(Session session, SshTarget target)
    {
        _session = session;
        _limit = Math.Max(1, target.KeepAliveCount);
        _session.RequestSuccessReceived += (_, _) => HearAnswer();
        _session.RequestFailureReceived += (_, _) => HearAnswer();
        _session.ChannelDataReceived += (_, _) => _heard = true;
        _session.ChannelExtendedDataReceived += (_, _) => _heard = true;
        if (target.KeepAliveInterval > TimeSpan.Zero) _timer = new(_ => Tick(), null, target.KeepAliveInterval, target.KeepAliveInterval);
    }

    /// <summary>Whether the connection was broken because the server did not respond.</summary>
    public bool GaveUp => _gaveUp;

    /// <summary>Sends a global request. Replies carry no number, so no other request is outstanding meanwhile.</summary>
    /// <param name="request">Sends one request and waits for its answer.</param>
    public async Task RequestAsync(Action request, CancellationToken cancellationToken)
    {
        await _turn.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            lock (_lock) _isPaused = true;
            var until = Environment.TickCount64 + (long)_session.ConnectionInfo.Timeout.TotalMilliseconds;
            while (_outstanding > 0 && _session.IsConnected && Environment.TickCount64 < until)
            {
                await Task.Delay(10, cancellationToken).ConfigureAwait(false);
            }
            lock (_lock) _outstanding = 1;
            await Task.Run(request, CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock) _isPaused = false;
            _turn.Exit();
        }
    }

    public void Dispose() => _timer?.Dispose();

    private void Tick()
    {
        lock (_lock)
        {
            if (_heard)
            {
                _heard = false;
                _missed = 0;
                return;
            }

            if (_isPaused && _outstanding == 0) return;
            if (++_missed <= _limit)
            {
                if (_isPaused || _isSending) return;
                _isSending = true;
                _outstanding++;
            }
        }

        if (_missed > _limit) Break();
        else Ask();
    }

    private void Ask()
    {
        try
        {
            _session.Send(SshNetInternals.GlobalRequest("keepalive@openssh.com"u8.ToArray(), wantReply: true));
        }
        catch (Exception failure) when (failure is SshException or SocketException or ObjectDisposedException)
        {
            // The connection is broken; the next ticks notice it.
        }
        finally
        {
            lock (_lock) _isSending = false;
        }
    }

    private void HearAnswer()
    {
        lock (_lock)
        {
            if (_outstanding > 0) _outstanding--;
        }

        _heard = true;
    }

    /// <summary>Closes the connection as if the server had done so.</summary>
    private void Break()
    {
        _timer?.Dispose();
        _gaveUp = true;
        try
        {
            SshNetInternals.SocketOf(_session)?.Shutdown(SocketShutdown.Both);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // The socket was closed already.
        }
    }
}
