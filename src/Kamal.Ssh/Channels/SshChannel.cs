using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Kamal.Ssh.Interop;
using Kamal.Ssh.Wire;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Messages;
using Renci.SshNet.Messages.Connection;

namespace Kamal.Ssh.Channels;

/// <summary>
/// A channel (RFC 4254, section 5). SSH.NET's receive thread hands over what arrives and never waits here: the window bounds
/// the unread data, and reading grows it again.
/// </summary>
internal sealed class SshChannel : IDisposable
{
    /// <summary>How much data may be unread, in bytes: OpenSSH's value, enough for 20 MB/s at 100 ms.</summary>
    public const uint Window = 2 * 1024 * 1024;

    /// <summary>The longest packet that SSH.NET accepts.</summary>
    public const uint MaxPacket = 64 * 1024;

    private const uint StandardError = 1;
    private readonly Session _session;
    private readonly Lock _lock = new();
    private readonly Lock _requesting = new();
    private readonly ConcurrentQueue<TaskCompletionSource<bool>> _replies = new();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private uint _remoteNumber;
    private uint _remotePacket;
    private long _remoteWindow;
    private long _consumed;
    private int? _exitStatus;
    private bool _eofSent;
    private bool _closeSent;
    private bool _abandoned;
    private volatile bool _over;

    public SshChannel(Session session, uint number)
    {
        _session = session;
        Number = number;
        Output = new(Consume);
        ErrorOutput = new(Consume);
        Input = new(this);
    }

    /// <summary>Its local number.</summary>
    public uint Number { get; }

    /// <summary>Completes when the server confirms the channel; fails when it refuses.</summary>
    public Task Opened => _opened.Task;

    /// <summary>What the server sends.</summary>
    public ChannelOutput Output { get; }

    /// <summary>What the server sends as standard error.</summary>
    public ChannelOutput ErrorOutput { get; }

    /// <summary>What the server receives; disposing of it sends end of file.</summary>
    public ChannelInput Input { get; }

    /// <summary>Completes when the channel is closed: the exit status, or null if there was none.</summary>
    public Task<int?> Ended => _ended.Task;

    /// <summary>Sends a request; completes with the server's reply, at once if no reply was requested.</summary>
    /// <exception cref="IOException">The connection is broken.</exception>
    public Task<bool> RequestAsync(ChannelRequest request)
    {
        var reply = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        // Replies come in the order of the requests. The receive thread never takes this lock, as sending may wait for that thread.
        lock (_requesting)
        {
            if (_over || _closeSent) return Task.FromResult(false);
            if (request.WantReply) _replies.Enqueue(reply);
            else reply.SetResult(true);
            Send(new ChannelRequestMessage(_remoteNumber, request));
        }

        // The channel may have ended meanwhile: then no reply comes.
        if (_over) FailReplies();
        return reply.Task;
    }

    /// <summary>Sends data, as much at a time as the server's window allows.</summary>
    /// <exception cref="IOException">The channel is closed, or its connection broken.</exception>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        while (data.Length > 0)
        {
            int size;
            Task grown;
            lock (_lock)
            {
                if (_over || _closeSent || _eofSent) throw new IOException("The channel is closed.");
                size = (int)Math.Min(data.Length, Math.Min(_remoteWindow, _remotePacket));
                _remoteWindow -= size;
                grown = _grown.Task;
            }

            if (size == 0)
            {
                await grown.WaitAsync(cancellationToken).ConfigureAwait(false);
                continue;
            }

            // Sent synchronously, so that the caller's buffer can be used.
            if (!MemoryMarshal.TryGetArray(data[..size], out var part)) part = data[..size].ToArray();
            Send(new ChannelDataMessage(_remoteNumber, part.Array!, part.Offset, part.Count));
            data = data[size..];
        }
    }

    /// <summary>Sends end of file.</summary>
    public void SendEndOfFile()
    {
        lock (_lock)
        {
            if (_over || _closeSent || _eofSent) return;
            _eofSent = true;
        }

        TrySend(new ChannelEofMessage(_remoteNumber));
    }

    /// <summary>Closes the channel without waiting.</summary>
    public void Dispose()
    {
        Output.Complete();
        ErrorOutput.Complete();
        lock (_lock)
        {
            if (_over || _closeSent) return;
            _closeSent = true;
            _grown.TrySetResult();
        }

        if (_opened.Task.IsCompletedSuccessfully) TrySend(new ChannelCloseMessage(_remoteNumber));
    }

    /// <summary>Gives the channel up; if the server still opens it, it is closed at once.</summary>
    public void Abandon()
    {
        lock (_lock)
        {
            _abandoned = true;
            if (!_opened.Task.IsCompletedSuccessfully) return;
        }

        Dispose();
    }

    /// <summary>The server confirmed the channel.</summary>
    public void Confirm(uint remoteNumber, uint window, uint packet)
    {
        bool abandoned;
        lock (_lock)
        {
            _remoteNumber = remoteNumber;
            _remoteWindow = window;
            _remotePacket = Math.Min(packet, MaxPacket / 2);
            _opened.TrySetResult();
            abandoned = _abandoned;
        }

        if (abandoned) Dispose();
    }

    /// <summary>The server grew its window.</summary>
    public void Grow(uint bytes)
    {
        lock (_lock)
        {
            _remoteWindow += bytes;
            _grown.TrySetResult();
            _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Data was received.</summary>
    public void Receive(ReadOnlySpan<byte> data) => Output.Append(data);

    /// <summary>Extended data was received; everything but standard error is dropped.</summary>
    public void ReceiveError(uint kind, ReadOnlySpan<byte> data)
    {
        if (kind == StandardError) ErrorOutput.Append(data);
        else Consume(data.Length);
    }

    /// <summary>The server sent a request, such as the exit status (RFC 4254, 6.10).</summary>
    public void Answer(string request, ReadOnlySpan<byte> data)
    {
        var wantsReply = data.Length > 0 && data[0] != 0;
        if (request == "exit-status" && data.Length >= 5)
        {
            lock (_lock) _exitStatus = (int)BinaryPrimitives.ReadUInt32BigEndian(data[1..]);
        }
        else if (wantsReply)
        {
            // OpenSSH's keepalives are such requests; any reply satisfies them.
            TrySend(new ChannelFailureMessage(_remoteNumber));
        }
    }

    /// <summary>The server replied to the oldest outstanding request.</summary>
    public void Reply(bool granted)
    {
        if (_replies.TryDequeue(out var reply)) reply.TrySetResult(granted);
    }

    /// <summary>The server sent end of file.</summary>
    public void EndOfData()
    {
        Output.Complete();
        ErrorOutput.Complete();
    }

    /// <summary>The server closed the channel.</summary>
    public void Closed()
    {
        bool answer;
        lock (_lock)
        {
            answer = !_closeSent;
            _closeSent = true;
        }

        if (answer) TrySend(new ChannelCloseMessage(_remoteNumber));
        End(_exitStatus);
    }

    /// <summary>The channel was refused, or the connection broke.</summary>
    public void Fail(Exception failure)
    {
        _opened.TrySetException(failure);
        // An abandoned channel has no waiter that would observe the exception.
        _ = _opened.Task.Exception;
        End(null);
    }

    private void End(int? status)
    {
        lock (_lock)
        {
            _over = true;
            _grown.TrySetResult();
        }

        FailReplies();
        EndOfData();
        _ended.TrySetResult(status);
    }

    private void FailReplies()
    {
        while (_replies.TryDequeue(out var reply)) reply.TrySetResult(false);
    }

    private void Consume(int bytes)
    {
        uint grant;
        lock (_lock)
        {
            _consumed += bytes;
            if (_over || _closeSent || _consumed < Window / 2) return;
            grant = (uint)_consumed;
            _consumed = 0;
        }

        TrySend(new ChannelWindowAdjustMessage(_remoteNumber, grant));
    }

    private void Send(Message message)
    {
        try
        {
            _session.Send(message);
        }
        catch (Exception failure) when (IsBroken(failure))
        {
            throw new IOException($"The connection is broken: {ServerText.Of(failure)}", failure);
        }
    }

    /// <summary>Sends a message that does not matter if the connection is gone.</summary>
    private void TrySend(Message message)
    {
        try
        {
            _session.Send(message);
        }
        catch (Exception failure) when (IsBroken(failure))
        {
            return;
        }
    }

    private static bool IsBroken(Exception failure) =>
        failure is SshException or SocketException or ObjectDisposedException;
}
