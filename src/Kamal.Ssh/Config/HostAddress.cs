using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Kamal.Common;

namespace Kamal.Ssh.Config;

/// <summary>
/// A host as users write it: <c>host</c>, <c>user@host:port</c>, <c>[address]:port</c>, <c>ssh://user@host:port</c>, an IPv6
/// address.
/// </summary>
/// <param name="Host">The name, alias or address.</param>
/// <param name="User">The account, if one is named.</param>
/// <param name="Port">The port, if one is named.</param>
internal sealed partial record HostAddress(string Host, string? User = null, int? Port = null)
{
    private const int MaxLength = 4096;
    private const string Scheme = "ssh://";

    /// <summary>Reads a host.</summary>
    /// <exception cref="SshClientException"><see cref="SshFailureReason.ConfigurationInvalid"/>: it is not a valid host.</exception>
    public static HostAddress Parse(string text)
    {
        var rest = text.Trim();
        if (rest.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) rest = rest[Scheme.Length..].TrimEnd('/');
        // As OpenSSH, the last @: a directory's account may contain one.
        var at = rest.LastIndexOf('@');
        var user = at < 0 ? null : rest[..at];
        rest = rest[(at + 1)..];
        string host, port;
        if (rest.StartsWith('['))
        {
            var end = rest.IndexOf(']', StringComparison.Ordinal);
            if (end < 0) throw Invalid(text);
            (host, port) = (rest[1..end], rest[(end + 1)..]);
            if (port.Length > 0 && port[0] != ':') throw Invalid(text);
            port = port.TrimStart(':');
        }
        else if (IPAddress.TryParse(rest, out var address) && address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6)
        {
            (host, port) = (rest, "");
        }
        else
        {
            var colon = rest.LastIndexOf(':');
            (host, port) = colon < 0 ? (rest, "") : (rest[..colon], rest[(colon + 1)..]);
            if (colon >= 0 && port.Length == 0) throw Invalid(text);
        }

        // OpenSSH's rules for its command line: names get into shells (ProxyCommand, Match exec), programs and known_hosts.
        if (host.Length > MaxLength || !HostName().IsMatch(host)
            || (user is not null && (user.Length > MaxLength || !UserName().IsMatch(user))))
        {
            throw Invalid(text);
        }
        return new(host, user, port.Length == 0 ? null : PortOf(port, text));
    }

    [GeneratedRegex("^" + OpenSshNames.HostName + @"\z", RegexOptions.CultureInvariant)]
    private static partial Regex HostName();

    [GeneratedRegex("^" + OpenSshNames.User + @"\z", RegexOptions.CultureInvariant)]
    private static partial Regex UserName();

    private static int PortOf(string port, string text) =>
        int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 65536
            ? number
            : throw Invalid(text);

    private static SshClientException Invalid(string text) => new(SshFailureReason.ConfigurationInvalid, $"'{text}' is not a valid host.")
    {
        Recommendation = "Write host, user@host, user@host:port, or [address]:port for an IPv6 address with a port.",
    };
}
