using System.Net;
using System.Net.Sockets;
using Kamal.Adapters.Ssh.Authentication;
using Kamal.Engine;
using Kamal.Engine.Hosts;
using Kamal.Engine.Ssh;

namespace Kamal.Adapters.Ssh;

/// <summary>Connects to hosts with SSH.NET: directly, through other hosts, or through a program. Keys, known hosts and errors are ours.</summary>
internal sealed class SshNetConnector : IHostConnector
{
    /// <summary>How often a server that drops a connection before its banner is tried again: sshd does that beyond its <c>MaxStartups</c>.</summary>
    private const int DroppedRetries = 6;
    private readonly KeyStore _keys = new();
    private readonly HostKeyChecker _hostKeys = new();
    private readonly JumpConnections _jumps;

    public SshNetConnector()
    {
        ThreadBudget.EnsureForLogins();
        _jumps = new JumpConnections(ConnectHostAsync);
    }

    public async Task<IHostConnection> ConnectAsync(SshTarget target, IHostInteraction interaction, CancellationToken cancellationToken) =>
        await ConnectHostAsync(target, interaction, cancellationToken);

    private async Task<SshNetConnection> ConnectHostAsync(SshTarget target, IHostInteraction interaction, CancellationToken cancellationToken)
    {
        var dropped = 0;
        var absent = 0;
        string? certificateTrouble = null;
        while (true)
        {
            var route = await OpenRouteAsync(target, interaction, cancellationToken);
            var login = new SshNetLogin(target, route, _keys, _hostKeys, interaction, certificateTrouble is null);
            try
            {
                return await login.ConnectAsync(cancellationToken);
            }
            catch (Exception failure)
            {
                await route.DisposeAsync();
                if (login.UnknownKey is { } key)
                {
                    // The question comes between two connections, so that nothing waits for the operator meanwhile.
                    await _hostKeys.AskAsync(target, key, certificateTrouble ?? login.PrincipalTrouble, interaction, cancellationToken);
                }
                else if (login.CertificateTrouble(failure) is { } trouble)
                {
                    certificateTrouble = trouble;
                }
                else if (login.WasDropped(failure) && dropped < DroppedRetries)
                {
                    await Task.Delay(Backoff(dropped++), cancellationToken);
                }
                else if (failure is SocketException && ++absent < target.ConnectionAttempts)
                {
                    await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
                }
                else
                {
                    throw login.Explain(failure, cancellationToken);
                }
            }
        }
    }

    private async Task<Route> OpenRouteAsync(SshTarget target, IHostInteraction interaction, CancellationToken cancellationToken)
    {
        if (target.ProxyCommand is not null) return ProxyProcess.Start(target);
        if (target.Jump is null)
        {
            var addresses = await HostLookup.ResolveAsync(target, cancellationToken);
            return new([.. addresses.Select(address => new IPEndPoint(address, target.Port))], null, () => null);
        }

        return await ForwardedRoute.OpenAsync(await RentAsync(target, target.Jump, interaction, cancellationToken), target, cancellationToken);
    }

    /// <summary>The connection to a jump host. That it fails is the fault of every host behind it, and said of each.</summary>
    private async Task<JumpConnections.Rented> RentAsync(SshTarget target, SshTarget jump, IHostInteraction interaction, CancellationToken cancellationToken)
    {
        try
        {
            return await _jumps.RentAsync(jump, interaction, cancellationToken);
        }
        catch (KamalException failure)
        {
            throw new KamalException(failure.Id, $"{target.Name}: its jump host cannot be used. {failure.Message}", failure) { HostName = target.Name, Recommendation = failure.Recommendation };
        }
    }

    private static TimeSpan Backoff(int attempt) => TimeSpan.FromMilliseconds((200 << attempt) + Random.Shared.Next(300));
}
