using System.Net;
using System.Net.Sockets;
using Kamal.Engine;
using Kamal.Engine.Ssh;

namespace Kamal.Adapters.Ssh;

/// <summary>Looks up the addresses of hosts.</summary>
internal static class HostLookup
{
    /// <summary>A host's addresses. A resolver that fails is asked again: some drop questions in a burst.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ConnectionFailed"/>: the name is not known.</exception>
    public static async Task<IPAddress[]> ResolveAsync(SshTarget target, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(target.Address, out var address)) return [address];
        var family = target.AddressFamily switch
        {
            Engine.Ssh.AddressFamily.Inet => System.Net.Sockets.AddressFamily.InterNetwork,
            Engine.Ssh.AddressFamily.Inet6 => System.Net.Sockets.AddressFamily.InterNetworkV6,
            _ => System.Net.Sockets.AddressFamily.Unspecified,
        };
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                var found = await Dns.GetHostAddressesAsync(target.Address, family, cancellationToken);
                return found.Length > 0 ? found : throw new SocketException((int)SocketError.NoData);
            }
            catch (SocketException) when (attempt < target.DnsRetries)
            {
                await Task.Delay(TimeSpan.FromMilliseconds((100 << Math.Min(attempt, 6)) + Random.Shared.Next(100)), cancellationToken);
            }
            catch (SocketException failure)
            {
                throw new KamalException(KamalErrorId.ConnectionFailed, $"{target.Name}: the name {target.Address} cannot be resolved: {failure.Message} (asked {attempt + 1} times).", failure)
                {
                    HostName = target.Name,
                    Recommendation = "Check the spelling in deploy.yml, or give the host an alias with HostName in ssh_config.",
                };
            }
        }
    }
}
