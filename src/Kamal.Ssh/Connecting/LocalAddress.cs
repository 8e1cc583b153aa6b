using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Reflection;
using Kamal.Engine;
using Kamal.Engine.Ssh;

namespace Kamal.Adapters.Ssh;

/// <summary>Makes sockets for SSH.NET that are bound to the address which <c>BindAddress</c> or <c>BindInterface</c> names.</summary>
internal static class BoundSockets
{
    /// <summary>What makes sockets that connect from an address; see <see cref="SessionAccess.SocketFactoryType"/>.</summary>
    public static object From(IPAddress address)
    {
        var factory = DispatchProxy.Create(SessionAccess.SocketFactoryType, typeof(Factory));
        ((Factory)factory).Address = address;
        return factory;
    }

    /// <summary>The local address to reach a host from, or null for any.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ConnectionFailed"/>: this machine has no such address.</exception>
    public static async Task<IPAddress?> AddressAsync(SshTarget target, IPAddress remote, CancellationToken cancellationToken)
    {
        if ((target.BindAddress ?? target.BindInterface) is not { } name) return null;
        IEnumerable<IPAddress> addresses;
        try
        {
            addresses = target.BindAddress is { } address
                ? IPAddress.TryParse(address, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(address, cancellationToken)
                : NetworkInterface.GetAllNetworkInterfaces().Where(network => network.Name == name)
                    .SelectMany(network => network.GetIPProperties().UnicastAddresses).Select(unicast => unicast.Address).Where(unicast => !unicast.IsIPv6LinkLocal);
        }
        catch (SocketException)
        {
            addresses = [];
        }

        return addresses.FirstOrDefault(address => address.AddressFamily == remote.AddressFamily)
            ?? throw new KamalException(KamalErrorId.ConnectionFailed, $"{target.Name}: '{name}' of ssh_config's {(target.BindAddress is null ? "BindInterface" : "BindAddress")} has no address here from which {remote} could be reached.")
            {
                HostName = target.Name,
            };
    }

    /// <summary>Does what SSH.NET's own factory does, and binds.</summary>
    internal class Factory : DispatchProxy
    {
        public IPAddress Address { get; set; } = IPAddress.Any;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var socket = new Socket(Address.AddressFamily, (SocketType)args![0]!, (ProtocolType)args[1]!) { NoDelay = true };
            socket.Bind(new IPEndPoint(Address, 0));
            return socket;
        }
    }
}
