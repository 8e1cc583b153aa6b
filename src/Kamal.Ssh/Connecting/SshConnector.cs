using System.Net.Sockets;
using Kamal.Ssh.Authentication;
using Kamal.Ssh.HostKeys;
using Kamal.Ssh.Targets;
using Kamal.Ssh.Transport;

namespace Kamal.Ssh.Connecting;

/// <summary>Connects to hosts over SSH.NET: directly, through jump hosts, or through a proxy command.</summary>
public sealed class SshConnector
{
    /// <summary>
    /// How often to retry a server that drops a connection before its banner, as sshd does beyond its <c>MaxStartups</c>.
    /// </summary>
    private const int DroppedRetries = 6;
    private readonly KeyStore _keys = new();
    private readonly HostKeyChecker _hostKeys;
    private readonly SshHints _hints;
    private readonly JumpConnections _jumps;

    /// <summary>Creates a connector. It keeps keys and known hosts that have been read, so one is meant for the whole program.</summary>
    /// <param name="hints">What recommendations name; ssh's own options, if null.</param>
    public SshConnector(SshHints? hints = null)
    {
        _hints = hints ?? new();
        _hostKeys = new(_hints);
        ThreadBudget.EnsureForLogins();
        _jumps = new JumpConnections(ConnectAsync);
    }

    /// <summary>Connects and logs in.</summary>
    /// <param name="target">The host, the account and how to connect.</param>
    /// <param name="interaction">Asks about unknown keys and passphrases.</param>
    /// <exception cref="SshClientException">The host's key is not trusted, the login was refused, or the host was not reached.</exception>
    public async Task<SshConnection> ConnectAsync(SshTarget target, ISshInteraction interaction, CancellationToken cancellationToken)
    {
        var dropped = 0;
        var absent = 0;
        string? certificateTrouble = null;
        while (true)
        {
            var route = await OpenRouteAsync(target, interaction, cancellationToken).ConfigureAwait(false);
            var login = new LoginAttempt(target, route, _keys, _hostKeys, _hints, interaction, certificateTrouble is null);
            try
            {
                return await login.ConnectAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                await route.DisposeAsync().ConfigureAwait(false);
                if (login.UnknownKey is { } key)
                {
                    // The question is asked between two connections, so that no connection waits for the answer.
                    await _hostKeys.AskAsync(target, key, certificateTrouble ?? login.PrincipalTrouble, interaction, cancellationToken)
                        .ConfigureAwait(false);
                }
                else if (login.CertificateTrouble(failure) is { } trouble)
                {
                    certificateTrouble = trouble;
                }
                else if (login.WasDropped(failure) && dropped < DroppedRetries)
                {
                    await Task.Delay(Backoff(dropped++), cancellationToken).ConfigureAwait(false);
                }
                else if (failure is SocketException && ++absent < target.ConnectionAttempts)
                {
                    await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken).ConfigureAwait(false);
                }
                else
                {
                    throw login.Explain(failure, cancellationToken);
                }
            }
        }
    }

    private async Task<Route> OpenRouteAsync(SshTarget target, ISshInteraction interaction, CancellationToken cancellationToken)
    {
        if (target.ProxyCommand is not null) return ProxyCommandRoute.Start(target);
        if (target.Jump is null)
        {
            return await Route.DirectAsync(target, _hints, cancellationToken).ConfigureAwait(false);
        }

        var jump = await RentAsync(target, target.Jump, interaction, cancellationToken).ConfigureAwait(false);
        return await JumpRoute.OpenAsync(jump, target, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The connection to a jump host. If it fails, so does every host behind it.</summary>
    private async Task<JumpConnections.Rented> RentAsync(
        SshTarget target, SshTarget jump, ISshInteraction interaction, CancellationToken cancellationToken)
    {
        try
        {
            return await _jumps.RentAsync(jump, interaction, cancellationToken).ConfigureAwait(false);
        }
        catch (SshClientException failure)
        {
            throw new SshClientException(failure.Reason, $"{target.Name}: its jump host cannot be used. {failure.Message}", failure)
            {
                HostName = target.Name,
                Recommendation = failure.Recommendation,
            };
        }
    }

    private static TimeSpan Backoff(int attempt) => TimeSpan.FromMilliseconds((200 << attempt) + Random.Shared.Next(300));
}
