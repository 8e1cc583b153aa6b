using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.ExceptionServices;
using Kamal.Engine;
using Kamal.Engine.Ssh;
using Renci.SshNet;

namespace Kamal.Adapters.Ssh;

/// <summary>
/// The socket that SSH.NET makes for a client: bound to the address that <c>BindAddress</c> or <c>BindInterface</c> names,
/// and at hand to be closed when nobody wants the login any more, of which SSH.NET takes note only when the server answers.
/// </summary>
internal sealed class OwnSocket
{
    private readonly IPAddress? _from;
    private Socket? _socket;

    private OwnSocket(IPAddress? from) => _from = from;

    /// <summary>Sees to the socket of a client that is not yet connected.</summary>
    /// <param name="client">The client.</param>
    /// <param name="from">The local address to connect from; any, if null.</param>
    public static OwnSocket Of(SshClient client, IPAddress? from)
    {
        var own = new OwnSocket(from);
        // SSH.NET keeps its factories to itself. Every login comes through here, so any test that logs in notices a change.
        var field = typeof(BaseClient).GetField("_serviceFactory", BindingFlags.NonPublic | BindingFlags.Instance)!;
        field.SetValue(client, own.Wrap(field.FieldType, field.GetValue(client)!));
        return own;
    }

    /// <summary>The local address to reach a host from, or null for any.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ConnectionFailed"/>: this machine has no such address.</exception>
    public static async Task<IPAddress?> LocalAddressAsync(SshTarget target, IPAddress remote, CancellationToken cancellationToken)
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

    /// <summary>Closes it; whoever waits for the server on it, waits no longer.</summary>
    public void Close() => _socket?.Dispose();

    private object Wrap(Type type, object inner)
    {
        var wrapper = DispatchProxy.Create(type, typeof(Wrapper));
        ((Wrapper)wrapper).Set(this, inner);
        return wrapper;
    }

    private object? Take(MethodInfo method, object? made)
    {
        if (method.Name == "CreateSocketFactory") return Wrap(method.ReturnType, made!);
        if (made is not Socket socket) return made;
        _socket = socket;
        if (_from is not null) socket.Bind(new IPEndPoint(socket.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? _from.MapToIPv6() : _from, 0));
        return made;
    }

    /// <summary>Stands before one of SSH.NET's factories and passes everything on.</summary>
    internal class Wrapper : DispatchProxy
    {
        private OwnSocket? _owner;
        private object? _inner;

        public void Set(OwnSocket owner, object inner) => (_owner, _inner) = (owner, inner);

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            try
            {
                return _owner!.Take(targetMethod!, targetMethod!.Invoke(_inner, args));
            }
            catch (TargetInvocationException failure) when (failure.InnerException is { } inner)
            {
                ExceptionDispatchInfo.Throw(inner);
                throw;
            }
        }
    }
}
