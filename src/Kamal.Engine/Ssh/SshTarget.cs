using System.Collections.Immutable;

namespace Kamal.Engine.Ssh;

/// <summary>
/// Where and how to log in to one host: the outcome of deploy.yml's <c>ssh</c> section over the user's ssh_config.
/// Everything that decides a connection is here, so that two equal targets can share one.
/// </summary>
/// <param name="Name">The host as the configuration names it; the key of results and messages.</param>
/// <param name="Address">The name or address to connect to.</param>
/// <param name="Port">The TCP port.</param>
/// <param name="User">The account to log in as.</param>
public sealed record SshTarget(string Name, string Address, int Port, string User)
{
    /// <summary>Private key files, in the order to try them.</summary>
    public ImmutableArray<string> IdentityFiles { get; init; } = [];

    /// <summary>Private keys themselves, in PEM or OpenSSH form, from deploy.yml's <c>ssh.key_data</c>. Secret.</summary>
    public ImmutableArray<Secrets.SecretValue> KeyData { get; init; } = [];

    /// <summary>Whether only the configured keys are tried, not whatever else the agent holds.</summary>
    public bool IdentitiesOnly { get; init; }

    /// <summary>The files of known host keys that are read; the first is written to.</summary>
    public ImmutableArray<string> UserKnownHostsFiles { get; init; } = [];

    /// <summary>How long the TCP connection and the login may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
