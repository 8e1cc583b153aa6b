using Kamal.Ssh.Channels;
using Kamal.Ssh.Targets;
using Kamal.Ssh.Transport;
using Kamal.Ssh.Wire;
using Renci.SshNet.Common;

namespace Kamal.Ssh.Connecting;

/// <summary>A way to a host through a jump host's connection: a channel that the jump host connects to it.</summary>
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

    /// <summary>Has the jump host connect to the host.</summary>
    /// <param name="jump">A share in the jump host's connection; given back with the route, or when there is none.</param>
    /// <param name="target">The host.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="SshClientException"><see cref="SshFailureReason.ConnectionFailed"/>, <see cref="SshFailureReason.TimedOut"/>: what the jump host says about it.</exception>
    public static async Task<Route> OpenAsync(JumpConnections.Rented jump, SshTarget target, CancellationToken cancellationToken)
    {
        try
        {
            var route = new JumpRoute(jump, await jump.Connection.ConnectFromAsync(target.Address, target.Port, cancellationToken));
            return new([route._relay.EndPoint], route, () => null);
        }
        catch (Exception failure)
        {
            await jump.DisposeAsync();
            if (failure is not (SshException or IOException or ObjectDisposedException)) throw;
            throw new SshClientException(failure is SshOperationTimeoutException ? SshFailureReason.TimedOut : SshFailureReason.ConnectionFailed,
                $"{target.Name}: could not connect to {target} through {target.Jump}: {ServerText.Of(failure)}", failure)
            {
                HostName = target.Name,
                Recommendation = $"Try: ssh -J {target.Jump!.User}@{target.Jump.Address}:{target.Jump.Port} -p {target.Port} {target.User}@{target.Address}",
            };
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _relay.DisposeAsync();
        _channel.Dispose();
        await _jump.DisposeAsync();
    }
}
