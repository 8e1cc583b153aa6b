using System.Text;
using Kamal.Ssh.Channels;
using Kamal.Ssh.Interop;
using Kamal.Ssh.Targets;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Messages.Connection;

namespace Kamal.Ssh.Agent;

/// <summary>
/// Forwards this machine's agent, as <c>ssh -A</c> does (OpenSSH's PROTOCOL.agent): each client on the host is
/// a channel that the server opens, with its own connection to the agent.
/// </summary>
internal sealed class AgentForwarding
{
    private const uint ConnectFailed = 2;
    private const uint UnknownChannelType = 3;
    private readonly Session _session;
    private readonly ChannelTable _channels;
    private readonly SshTarget _target;
    private readonly Action<string> _warn;
    private readonly IReadOnlyList<string> _addresses;
    private int _said;

    static AgentForwarding() => SshNetInternals.AcceptUnknownChannelTypes();

    /// <param name="session">The host's session, logged in.</param>
    /// <param name="channels">The session's channels.</param>
    /// <param name="target">Says which agent.</param>
    /// <param name="warn">Gets why the agent cannot be used.</param>
    public AgentForwarding(Session session, ChannelTable channels, SshTarget target, Action<string> warn)
    {
        _session = session;
        _channels = channels;
        _target = target;
        _warn = warn;
        _addresses = target.ForwardedAgent is { } named ? [named] : AgentAddress.Candidates(target.IdentityAgent);
        if (_addresses.Count == 0)
        {
            WarnOnce(
                "The SSH agent is to be forwarded (ForwardAgent), but there is none here (SSH_AUTH_SOCK): commands on the hosts "
                + "cannot use one.");
            return;
        }

        session.RegisterMessage("SSH_MSG_CHANNEL_OPEN");
        session.ChannelOpenReceived += (_, e) => Opening(e.Message);
    }

    /// <summary>Forwards the agent to what will run on a channel.</summary>
    public void Offer(SshChannel channel)
    {
        if (_addresses.Count > 0) _ = OfferAsync(channel);
    }

    private async Task OfferAsync(SshChannel channel)
    {
        // sshd grants it once for all channels of a connection; a server that forbids it refuses the first request.
        var granted = await channel.RequestAsync(ChannelRequest.ForwardAgent()).ConfigureAwait(false);
        if (!granted && !channel.Ended.IsCompleted)
        {
            WarnOnce($"{_target.Name}: the server refuses to forward the SSH agent (AllowAgentForwarding in its sshd_config).");
        }
        else Interlocked.Exchange(ref _said, 1);
    }

    private void WarnOnce(string text)
    {
        if (Interlocked.Exchange(ref _said, 1) == 0) _warn(text);
    }

    private void Opening(ChannelOpenMessage asked)
    {
        if (Encoding.ASCII.GetString(asked.ChannelType) == ChannelOpenRequest.Agent) _ = ServeAsync(asked);
        // SSH.NET handles the types that it knows.
        else if (asked.Info is null) Refuse(asked, UnknownChannelType, "unknown channel type");
    }

    private async Task ServeAsync(ChannelOpenMessage asked)
    {
        try
        {
            if (await ConnectAsync().ConfigureAwait(false) is not { } agent)
            {
                Refuse(asked, ConnectFailed, "the agent does not answer");
                return;
            }

            await using var connected = agent.ConfigureAwait(false);
            using var channel = _channels.Accept(asked);
            await Task.WhenAny(channel.Output.CopyToAsync(agent), agent.CopyToAsync(channel.Input)).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or SshException or ObjectDisposedException)
        {
            // The client on the host sees its agent go away.
            return;
        }
    }

    private async Task<Stream?> ConnectAsync()
    {
        foreach (var address in _addresses)
        {
            try
            {
                return await AgentClient.OpenStreamAsync(address, CancellationToken.None).ConfigureAwait(false);
            }
            catch (IOException)
            {
                // Another address may respond.
                continue;
            }
        }

        return null;
    }

    private void Refuse(ChannelOpenMessage asked, uint reason, string words) =>
        _session.Send(new ChannelOpenFailureMessage(asked.LocalChannelNumber, words, reason));
}
