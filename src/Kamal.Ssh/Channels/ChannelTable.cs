using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using Kamal.Ssh.Interop;
using Kamal.Ssh.Wire;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Messages.Connection;

namespace Kamal.Ssh.Channels;

/// <summary>
/// The channels of a session. SSH.NET's own channels block a thread while they open, do not support agent forwarding and
/// buffer output without limit; these wait asynchronously and stop a server that is faster than its reader.
/// </summary>
internal sealed class ChannelTable
{
    private readonly ConcurrentDictionary<uint, SshChannel> _channels = new();
    private readonly Session _session;
    private volatile bool _isBroken;

    /// <summary>Handles the channel messages of a session that is logged in.</summary>
    public ChannelTable(Session session)
    {
        _session = session;
        session.ChannelOpenConfirmationReceived += (_, e) =>
            Find(e.Message)?.Confirm(e.Message.RemoteChannelNumber, e.Message.InitialWindowSize, e.Message.MaximumPacketSize);
        session.ChannelOpenFailureReceived += (_, e) => Remove(e.Message.LocalChannelNumber)?.Fail(Refusal(e.Message));
        session.ChannelWindowAdjustReceived += (_, e) => Find(e.Message)?.Grow(e.Message.BytesToAdd);
        session.ChannelDataReceived += (_, e) => Find(e.Message)?.Receive(e.Message.Data.AsSpan(e.Message.Offset, e.Message.Size));
        session.ChannelExtendedDataReceived += (_, e) => Find(e.Message)?.ReceiveError(e.Message.DataTypeCode, e.Message.Data);
        session.ChannelRequestReceived += (_, e) => Find(e.Message)?.Answer(e.Message.RequestName, e.Message.RequestData);
        session.ChannelSuccessReceived += (_, e) => Find(e.Message)?.Reply(true);
        session.ChannelFailureReceived += (_, e) => Find(e.Message)?.Reply(false);
        session.ChannelEofReceived += (_, e) => Find(e.Message)?.EndOfData();
        session.ChannelCloseReceived += (_, e) => Remove(e.Message.LocalChannelNumber)?.Closed();
        session.Disconnected += (_, _) => BreakAll(new SshConnectionException("The server closed the connection."));
        session.ErrorOccured += (_, e) =>
        {
            for (Exception? error = e.Exception; error is not null && !TimedOut; error = error.InnerException)
            {
                TimedOut = error is SocketException { SocketErrorCode: SocketError.TimedOut };
            }

            BreakAll(e.Exception);
        };
    }

    /// <summary>Whether the session has ended; SSH.NET may report that a moment later.</summary>
    public bool IsBroken => _isBroken || !_session.IsConnected;

    /// <summary>Whether the session has ended because TCP had no answer from the server.</summary>
    public bool TimedOut { get; private set; }

    /// <summary>Opens a channel; one round trip.</summary>
    /// <param name="kind">What is asked for.</param>
    /// <param name="limit">How long the server may take.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SshException">The server refuses, or the connection is broken.</exception>
    public async Task<SshChannel> OpenAsync(ChannelOpenRequest kind, TimeSpan limit, CancellationToken cancellationToken)
    {
        var channel = Add();
        try
        {
            _session.Send(new ChannelOpenMessage(channel.Number, SshChannel.Window, SshChannel.MaxPacket, kind));
            // A session that broke before the channel was in the table did not fail it.
            if (IsBroken) throw new SshConnectionException("The connection has ended.");
            await channel.Opened.WaitAsync(limit, cancellationToken).ConfigureAwait(false);
            return channel;
        }
        catch (Exception failure)
        {
            // If the server still confirms it, it is closed then.
            channel.Abandon();
            if (failure is TimeoutException)
            {
                throw new SshOperationTimeoutException(
                    string.Create(
                        CultureInfo.InvariantCulture, $"the server did not open a channel within {limit.TotalSeconds:0.#} s."),
                    failure);
            }
            throw;
        }
    }

    /// <summary>Accepts a channel that the server opened.</summary>
    public SshChannel Accept(ChannelOpenMessage asked)
    {
        var channel = Add();
        channel.Confirm(asked.LocalChannelNumber, asked.InitialWindowSize, asked.MaximumPacketSize);
        _session.Send(
            new ChannelOpenConfirmationMessage(asked.LocalChannelNumber, SshChannel.Window, SshChannel.MaxPacket, channel.Number));
        return channel;
    }

    private SshChannel Add()
    {
        var channel = new SshChannel(_session, _session.NextChannelNumber());
        _channels[channel.Number] = channel;
        return channel;
    }

    private SshChannel? Find(ChannelMessage message) => _channels.GetValueOrDefault(message.LocalChannelNumber);

    private SshChannel? Remove(uint number) => _channels.TryRemove(number, out var channel) ? channel : null;

    private void BreakAll(Exception failure)
    {
        _isBroken = true;
        foreach (var number in _channels.Keys) Remove(number)?.Fail(failure);
    }

    private static SshException Refusal(ChannelOpenFailureMessage message) =>
        new("the server says: " + (string.IsNullOrWhiteSpace(message.Description)
            ? $"refused, reason {message.ReasonCode}"
            : ServerText.Clean(message.Description)));
}
