using Kamal.Ssh.Channels;
using Kamal.Ssh.Targets;
using Kamal.Ssh.Transport;
using Kamal.Ssh.Wire;
using Renci.SshNet.Common;

namespace Kamal.Ssh.Connecting;

/// <summary>A connection through a jump host: a direct-tcpip channel of its connection.</summary>
internal sealed class JumpRoute : IAsyncDisposable
{
    private readonly JumpConnections.Rented _jump;
    private readonly SshChannel _channel;
    private readonly LoopbackRelay _relay;

    private JumpRoute(JumpConnections.Rented jump, SshChannel channel)
    {
        _jump = jump;
        _channel = channel;
        _relay = new(channel.Input, channel.Output);
    }

    /// <summary>Lets the jump host connect to the host.</summary>
    /// <param name="jump">The share in the jump host's connection; released with the route.</param>
    /// <exception cref="SshClientException">
    /// <see cref="SshFailureReason.ConnectionFailed"/>, <see cref="SshFailureReason.TimedOut"/>: what the jump host reports.
    /// </exception>
    public static async Task<Route> OpenAsync(JumpConnections.Rented jump, SshTarget target, CancellationToken cancellationToken)
    {
        try
        {
            var channel = await jump.Connection.ConnectFromAsync(target.Address, target.Port, target.AnswerTimeout, cancellationToken)
                .ConfigureAwait(false);
            var route = new JumpRoute(jump, channel);
            return new([route._relay.EndPoint], route, () => null);
        }
        catch (Exception failure)
        {
            await jump.DisposeAsync().ConfigureAwait(false);
            if (failure is not (SshException or IOException or ObjectDisposedException)) throw;
            throw new SshClientException(failure is SshOperationTimeoutException
                ? SshFailureReason.TimedOut
                : SshFailureReason.ConnectionFailed,
                $"{target.Name}: could not connect to {target} through {target.Jump}: {ServerText.Of(failure)}", failure)
            {
                HostName = target.Name,
                Recommendation = $"Try: ssh -J {target.Jump!.User}@{target.Jump.Address}:{target.Jump.Port} -p {target.Port} "
                    + $"{target.User}@{target.Address}",
            };
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _relay.DisposeAsync().ConfigureAwait(false);
        _channel.Dispose();
        await _jump.DisposeAsync().ConfigureAwait(false);
    }
}
