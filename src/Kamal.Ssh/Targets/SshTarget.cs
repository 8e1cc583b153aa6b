using System.Collections.Immutable;

namespace Kamal.Ssh.Targets;

/// <summary>
/// Where and how to log in to one host: the outcome of a program's settings over the user's ssh_config.
/// Everything that decides a connection is here, so that two equal targets can share one.
/// </summary>
/// <param name="Name">The host as the program names it; messages begin with it.</param>
/// <param name="Address">The name or address to connect to.</param>
/// <param name="User">The account to log in as.</param>
public sealed record SshTarget(string Name, string Address, int Port, string User)
{
    /// <summary>Private key files, in the order to try them. Files that do not exist are ignored.</summary>
    public ImmutableArray<string> IdentityFiles { get; init; } = [];

    /// <summary>Files with certificates for those keys; <c>KEY-cert.pub</c> next to a key is found without being named.</summary>
    public ImmutableArray<string> CertificateFiles { get; init; } = [];

    /// <summary>Private keys that are given as text. Secret.</summary>
    public ImmutableArray<SshKeyText> KeyTexts { get; init; } = [];

    /// <summary>Whether only the configured keys are tried, not whatever else the agent holds.</summary>
    public bool IdentitiesOnly { get; init; }

    /// <summary>The agent's socket or pipe; <c>none</c> for no agent, null for the one of the environment.</summary>
    public string? IdentityAgent { get; init; }

    /// <summary>The account's password, from a credential. Secret.</summary>
    public SshSecret? Password { get; init; }

    /// <summary>The authentication methods, in the order to try them; the default order if empty.</summary>
    public ImmutableArray<string> PreferredAuthentications { get; init; } = [];

    /// <summary>Authentication methods that are disabled: <c>publickey</c>, <c>password</c>, <c>keyboard-interactive</c>.</summary>
    public ImmutableArray<string> DisabledAuthentications { get; init; } = [];

    /// <summary>How often a password or a passphrase is asked for; 0 for never, as with <c>BatchMode</c>.</summary>
    public int PasswordPrompts { get; init; } = 3;

    /// <summary>The name under which the host's key is known, instead of its address and port.</summary>
    public string? HostKeyAlias { get; init; }

    /// <summary>The files of known host keys that are read; the first is written to.</summary>
    public ImmutableArray<string> UserKnownHostsFiles { get; init; } = [];

    /// <summary>The machine's files of known host keys, which are only read.</summary>
    public ImmutableArray<string> GlobalKnownHostsFiles { get; init; } = [];

    /// <summary>Files with host keys that are never accepted.</summary>
    public ImmutableArray<string> RevokedHostKeysFiles { get; init; } = [];

    /// <summary>What to do about an unknown host key.</summary>
    public StrictHostKeyChecking HostKeyChecking { get; init; } = StrictHostKeyChecking.Ask;

    /// <summary>Whether a new known host is written with its name hashed.</summary>
    public bool HashKnownHosts { get; init; }

    /// <summary>How long the TCP connection and the login may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the host may take for its first line, which needs no login.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>How often to try to connect, with a second between the attempts.</summary>
    public int ConnectionAttempts { get; init; } = 1;

    /// <summary>How often a name that cannot be resolved is looked up again.</summary>
    public int DnsRetries { get; init; } = 3;

    /// <summary>The address family to use.</summary>
    public AddressFamily AddressFamily { get; init; }

    /// <summary>The local address to connect from; any if null. With jump hosts, only the first connection uses one.</summary>
    public string? BindAddress { get; init; }

    /// <summary>The network interface whose address to connect from, if not any; <see cref="BindAddress"/> goes over it.</summary>
    public string? BindInterface { get; init; }

    /// <summary>Whether TCP keepalive is on.</summary>
    public bool TcpKeepAlive { get; init; } = true;

    /// <summary>Whether to compress data, if the server supports it.</summary>
    public bool Compression { get; init; }

    /// <summary>How long a silence may last before the server is probed; zero for never.</summary>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>After how many unanswered probes the connection is broken.</summary>
    public int KeepAliveCount { get; init; } = 3;

    /// <summary>Key exchanges, as ssh_config's <c>KexAlgorithms</c> writes them; the default list if null.</summary>
    public string? KexAlgorithms { get; init; }

    /// <summary>Ciphers, as ssh_config writes them; the default list if null.</summary>
    public string? Ciphers { get; init; }

    /// <summary>Message authentication codes, as ssh_config's <c>MACs</c> writes them; the default list if null.</summary>
    public string? Macs { get; init; }

    /// <summary>Host key algorithms, as ssh_config writes them; the default list, known types first, if null.</summary>
    public string? HostKeyAlgorithms { get; init; }

    /// <summary>Signature algorithms for logging in with keys, as ssh_config writes them; the default list if null.</summary>
    public string? PubkeyAcceptedAlgorithms { get; init; }

    /// <summary>The host through which the connection goes; it may itself go through another.</summary>
    public SshTarget? Jump { get; init; }

    /// <summary>The program whose input and output are the connection, with its tokens already filled in.</summary>
    public string? ProxyCommand { get; init; }

    /// <summary>Whether to forward the agent.</summary>
    public bool ForwardAgent { get; init; }

    /// <summary>The socket of the agent to forward, if not the one that logs in.</summary>
    public string? ForwardedAgent { get; init; }

    /// <summary>Variables for the host's environment, from <c>SetEnv</c> and <c>SendEnv</c>; most servers accept few.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary>The name that host keys are listed under: the alias, or the address with its port unless that is 22.</summary>
    public string KnownHostName =>
        HostKeyAlias ?? (Port == 22 ? Address.ToLowerInvariant() : $"[{Address.ToLowerInvariant()}]:{Port}");

    /// <summary>Whether both connect to the same account of the same host in the same way.</summary>
    public bool Equals(SshTarget? other) => other is not null && (ReferenceEquals(this, other) || Values().SequenceEqual(other.Values()));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Address, Port, User);

    /// <summary>The target for messages, without secrets: <c>user@address:port</c>.</summary>
    public override string ToString() =>
        Address.Contains(':', StringComparison.Ordinal) ? $"{User}@[{Address}]:{Port}" : $"{User}@{Address}:{Port}";

    private IEnumerable<object?> Values() =>
    [
        Name, Address, Port, User, IdentitiesOnly, IdentityAgent, Password, PasswordPrompts, HostKeyAlias, HostKeyChecking, HashKnownHosts,
        ConnectTimeout, AnswerTimeout, ConnectionAttempts, DnsRetries, AddressFamily, BindAddress, BindInterface, TcpKeepAlive, Compression,
        KeepAliveInterval, KeepAliveCount,
        KexAlgorithms, Ciphers, Macs, HostKeyAlgorithms, PubkeyAcceptedAlgorithms, Jump, ProxyCommand, ForwardAgent, ForwardedAgent,
        .. Part(IdentityFiles), .. Part(CertificateFiles), .. Part(KeyTexts), .. Part(PreferredAuthentications),
        .. Part(DisabledAuthentications),
        .. Part(UserKnownHostsFiles), .. Part(GlobalKnownHostsFiles), .. Part(RevokedHostKeysFiles), .. Part(Environment),
    ];

    private static IEnumerable<object?> Part<T>(ImmutableArray<T> values) => [values.Length, .. values.Select(value => (object?)value)];
}

/// <summary>What to do about a host whose key is not known: <c>StrictHostKeyChecking</c> of ssh_config.</summary>
public enum StrictHostKeyChecking
{
    /// <summary>Ask the user; refuse if the session is not interactive.</summary>
    Ask,

    /// <summary>Refused.</summary>
    Yes,

    /// <summary>Accepted and remembered; a changed key is refused.</summary>
    AcceptNew,

    /// <summary>
    /// Accepted and remembered. A changed key, with which OpenSSH would continue, is refused here: commands may send secrets.
    /// </summary>
    No,
}

/// <summary>Which addresses of a host are used; <c>AddressFamily</c> of ssh_config.</summary>
public enum AddressFamily
{
    /// <summary>All addresses, in the resolver's order.</summary>
    Any,

    /// <summary>IPv4 only.</summary>
    Inet,

    /// <summary>IPv6 only.</summary>
    Inet6,
}
