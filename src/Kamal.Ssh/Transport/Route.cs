using System.Net;
using System.Net.Sockets;
using Kamal.Ssh.Targets;

namespace Kamal.Ssh.Transport;

/// <summary>The addresses that SSH.NET connects to, and what has to stay open as long as the connection does.</summary>
/// <param name="EndPoints">The addresses to try in order.</param>
/// <param name="Below">A jump host's connection or a proxy command, or null for a direct connection.</param>
/// <param name="Trouble">Gets what went wrong below, if that is known.</param>
internal sealed record Route(IReadOnlyList<IPEndPoint> EndPoints, IAsyncDisposable? Below, Func<string?> Trouble) : IAsyncDisposable
{
    /// <summary>A direct connection. A resolver that fails is asked again: some drop questions in a burst.</summary>
    /// <exception cref="SshClientException"><see cref="SshFailureReason.NameUnknown"/>: the name is not known.</exception>
    public static async Task<Route> DirectAsync(SshTarget target, SshHints hints, CancellationToken cancellationToken)
    {
        var addresses = await ResolveAsync(target, hints, cancellationToken).ConfigureAwait(false);
        return new([.. addresses.Select(address => new IPEndPoint(address, target.Port))], null, () => null);
    }

    public ValueTask DisposeAsync() => Below?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task<IPAddress[]> ResolveAsync(SshTarget target, SshHints hints, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(target.Address, out var address)) return [address];
        var family = target.AddressFamily switch
        {
            Targets.AddressFamily.Inet => System.Net.Sockets.AddressFamily.InterNetwork,
            Targets.AddressFamily.Inet6 => System.Net.Sockets.AddressFamily.InterNetworkV6,
            _ => System.Net.Sockets.AddressFamily.Unspecified,
        };
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                var found = await Dns.GetHostAddressesAsync(target.Address, family, cancellationToken).ConfigureAwait(false);
                return found.Length > 0 ? found : throw new SocketException((int)SocketError.NoData);
            }
            catch (SocketException) when (attempt < target.DnsRetries)
            {
                await Task.Delay(TimeSpan.FromMilliseconds((100 << Math.Min(attempt, 6)) + Random.Shared.Next(100)), cancellationToken)
                    .ConfigureAwait(false);
            }
            catch (SocketException failure)
            {
                throw new SshClientException(SshFailureReason.NameUnknown,
                    $"{target.Name}: the name {target.Address} cannot be resolved: {failure.Message} (tried {attempt + 1} times).", failure)
                {
                    HostName = target.Name,
                    Recommendation = hints.CorrectHostName,
                };
            }
        }
    }
}
