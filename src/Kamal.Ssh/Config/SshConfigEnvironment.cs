using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Kamal.Common;

namespace Kamal.Ssh.Config;

/// <summary>What ssh_config can refer to on this machine: the user, files, names.</summary>
internal sealed record SshConfigEnvironment
{
    /// <summary>Whether the rules of Windows apply to paths.</summary>
    public bool IsWindows { get; init; } = OperatingSystem.IsWindows();

    /// <summary>The user's home directory.</summary>
    public string Home { get; init; } = System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile);

    /// <summary>The user's name here.</summary>
    public string LocalUser { get; init; } = System.Environment.UserName;

    /// <summary>The user's id, for <c>%i</c>.</summary>
    public Func<string> LocalUserId { get; init; } = ReadUserId;

    /// <summary>This machine's name, for <c>%l</c>.</summary>
    public string LocalHostName { get; init; } = Dns.GetHostName();

    /// <summary>The directory where the system's files are.</summary>
    public string SystemDirectory { get; init; } = OperatingSystem.IsWindows()
        ? Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.CommonApplicationData), "ssh")
        : "/etc/ssh";

    /// <summary>Reads an environment variable.</summary>
    public Func<string, string?> Variable { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>The names of all environment variables, for <c>SendEnv</c>.</summary>
    public Func<IEnumerable<string>> VariableNames { get; init; } = () => System.Environment.GetEnvironmentVariables().Keys.Cast<string>();

    /// <summary>Runs the command of <c>Match exec</c>; true if it ended with 0.</summary>
    public Func<string, CancellationToken, Task<bool>> Execute { get; init; } = LocalShell.IsTrueAsync;

    /// <summary>Looks a name up, for <c>CanonicalizeHostname</c>: the name that the name service knows it by, or null.</summary>
    public Func<string, CancellationToken, Task<string?>> Resolves { get; init; } = ResolvesAsync;

    /// <summary>This machine's addresses, for <c>Match localnetwork</c>.</summary>
    public Func<IEnumerable<IPAddress>> LocalAddresses { get; init; } = ReadLocalAddresses;

    /// <summary>The user's <c>.ssh</c> directory.</summary>
    public string UserDirectory => Path.Combine(Home, ".ssh");

    /// <summary>A path with its <c>~</c> expanded.</summary>
    public string Expand(string path) =>
        path == "~" ? Home
        : path.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(Home, path[2..])
        : IsWindows && path.StartsWith(@"~\", StringComparison.Ordinal) ? Path.Combine(Home, path[2..])
        : path.StartsWith("~" + LocalUser + "/", StringComparison.Ordinal) ? Path.Combine(Home, path[(LocalUser.Length + 2)..])
        : path;

    /// <summary>OpenSSH for Windows has 0 for every user.</summary>
    private static string ReadUserId() =>
        OperatingSystem.IsWindows() ? "0" : UnixFile.CurrentUser.ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<IPAddress> ReadLocalAddresses() =>
        NetworkInterface.GetAllNetworkInterfaces()
            .Where(network => network.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown)
            .SelectMany(network => network.GetIPProperties().UnicastAddresses.Select(address => address.Address));

    private static async Task<string?> ResolvesAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            var entry = await Dns.GetHostEntryAsync(host, cancellationToken).ConfigureAwait(false);
            return entry.AddressList.Length > 0 ? entry.HostName : null;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
