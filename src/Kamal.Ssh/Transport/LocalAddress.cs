using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Kamal.Ssh.Targets;

namespace Kamal.Ssh.Transport;

/// <summary>The local address that <c>BindAddress</c> or <c>BindInterface</c> of ssh_config names.</summary>
internal static class LocalAddress
{
    /// <summary>The local address to connect from, or null for any.</summary>
    /// <exception cref="SshClientException"><see cref="SshFailureReason.ConnectionFailed"/>: this machine has no such address.</exception>
    public static async Task<IPAddress?> FindAsync(SshTarget target, IPAddress remote, CancellationToken cancellationToken)
    {
        if ((target.BindAddress ?? target.BindInterface) is not { } name) return null;
        IEnumerable<IPAddress> addresses;
        try
        {
            addresses = target.BindAddress is { } address
                ? IPAddress.TryParse(address, out var literal)
                    ? [literal]
                    : await Dns.GetHostAddressesAsync(address, cancellationToken).ConfigureAwait(false)
                : NetworkInterface.GetAllNetworkInterfaces().Where(network => network.Name == name)
                    .SelectMany(network => network.GetIPProperties().UnicastAddresses)
                    .Select(unicast => unicast.Address).Where(unicast => !unicast.IsIPv6LinkLocal);
        }
        catch (SocketException)
        {
            addresses = [];
        }

        return addresses.FirstOrDefault(address => address.AddressFamily == remote.AddressFamily)
            ?? throw new SshClientException(
                SshFailureReason.ConnectionFailed,
                $"{target.Name}: '{name}' of ssh_config's {(target.BindAddress is null ? "BindInterface" : "BindAddress")} has no "
                + $"local address that can reach {remote}.")
            {
                HostName = target.Name,
            };
    }
}
