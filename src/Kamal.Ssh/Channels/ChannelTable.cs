using System.Collections.Concurrent;
using Kamal.Ssh.Interop;
using Kamal.Ssh.Wire;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Messages.Connection;

namespace Kamal.Ssh.Channels;

/// <summary>
/// Our channels on a session of SSH.NET's. Its own channels hold a thread while they open, know no agent forwarding and
/// take in output without limit; these wait asynchronously and stop a server that is faster than its reader.
/// </summary>
internal sealed class ChannelTable
{
    private readonly ConcurrentDictionary<uint, SshChannel> _channels = new();
    private readonly Session _session;
    private volatile bool _isBroken;

    /// <summary>Listens to a session that is logged in, for as long as it lives.</summary>
    public ChannelTable(Session session)
    {
        _session = session;
        session.ChannelOpenConfirmationReceived += (_, e) => Find(e.Message)?.Confirm(e.Message.RemoteChannelNumber, e.Message.InitialWindowSize, e.Message.MaximumPacketSize);
        session.ChannelOpenFailureReceived += (_, e) => Remove(e.Message.LocalChannelNumber)?.Fail(Refusal(e.Message));
        session.ChannelWindowAdjustReceived += (_, e) => Find(e.Message)?.Grow(e.Message.BytesToAdd);
        session.ChannelDataReceived += (_, e) => Find(e.Message)?.Receive(e.Message.Data.AsSpan(e.Message.Offset, e.Message.Size));
        session.ChannelExtendedDataReceived += (_, e) => Find(e.Message)?.ReceiveError(e.Message.DataTypeCode, e.Message.Data);
        session.ChannelRequestReceived += (_, e) => Find(e.Message)?.Answer(e.Message.RequestName, e.Message.RequestData);
        session.ChannelSuccessReceived += (_, e) => Find(e.Message)?.Reply(true);
        session.ChannelFailureReceived += (_, e) => Find(e.Message)?.Reply(false);
        session.ChannelEofReceived += (_, e) => Find(e.Message)?.EndOfData();
        session.ChannelCloseReceived += (_, e) => Remove(e.Message.LocalChannelNumber)?.Closed();
        session.Disconnected += (_, _) => BreakAll(new SshConnectionException("The server ended the connection."));
        session.ErrorOccured += (_, e) => BreakAll(e.Exception);
    }

    /// <summary>Whether the session has ended; SSH.NET itself may take a moment longer to say so.</summary>
    public bool IsBroken => _isBroken || !_session.IsConnected;

    /// <summary>Opens a channel; one round trip.</summary>
    /// <exception cref="SshException">The server refuses, or the connection is broken.</exception>
    public async Task<SshChannel> OpenAsync(ChannelOpenRequest kind, CancellationToken cancellationToken)
    {
        var channel = Add();
        try
        {
            _session.Send(new ChannelOpenMessage(channel.Number, SshChannel.Window, SshChannel.MaxPacket, kind));
            // A session that broke before the channel was in the table has told nobody.
            if (IsBroken) throw new SshConnectionException("The connection has ended.");
            await channel.Opened.WaitAsync(_session.ConnectionInfo.Timeout, cancellationToken).ConfigureAwait(false);
            return channel;
        }
        catch (Exception failure)
        {
            // Should the server still confirm it, it is closed then.
            channel.Abandon();
            if (failure is TimeoutException) throw new SshOperationTimeoutException($"the server opened no channel within {_session.ConnectionInfo.Timeout.TotalSeconds:0.#} s.", failure);
            throw;
        }
    }

    /// <summary>Accepts a channel that the server opened.</summary>
    public SshChannel Accept(ChannelOpenMessage asked)
    {
        var channel = Add();
        channel.Confirm(asked.LocalChannelNumber, asked.InitialWindowSize, asked.MaximumPacketSize);
        _session.Send(new ChannelOpenConfirmationMessage(asked.LocalChannelNumber, SshChannel.Window, SshChannel.MaxPacket, channel.Number));
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
        new($"the server says: {(string.IsNullOrWhiteSpace(message.Description) ? $"refused, reason {message.ReasonCode}" : ServerText.Clean(message.Description))}");
}
