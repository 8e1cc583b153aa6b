namespace Kamal.Engine.Hosts;

/// <summary>The port through which the engine connects to hosts. Implemented over SSH outside the engine.</summary>
public interface IHostConnector
{
    /// <summary>Connects and logs in.</summary>
    /// <param name="target">The host, the user and how to connect, from an <see cref="IHostResolver"/> of the same implementation.</param>
    /// <param name="interaction">Asks the operator about unknown keys and passphrases.</param>
    /// <exception cref="KamalException">
    /// <see cref="KamalErrorId.HostKeyUnknown"/>, <see cref="KamalErrorId.HostKeyChanged"/>,
    /// <see cref="KamalErrorId.AuthenticationFailed"/>, <see cref="KamalErrorId.ConnectionFailed"/> or <see cref="KamalErrorId.TimedOut"/>.
    /// </exception>
    Task<IHostConnection> ConnectAsync(HostTarget target, IHostInteraction interaction, CancellationToken cancellationToken);
}

/// <summary>Finds out how the hosts of one run are reached. Safe for concurrent use.</summary>
public interface IHostResolver
{
    /// <summary>How to reach a host.</summary>
    /// <param name="host">A host of the configuration: a name, an alias of ssh_config, an address, <c>user@host:port</c>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="KamalException">
    /// <see cref="KamalErrorId.ConfigurationInvalid"/>: the host or a line of ssh_config is not valid;
    /// <see cref="KamalErrorId.SecretUnavailable"/>: a key in <c>ssh.key_data</c> is not there.
    /// </exception>
    ValueTask<HostTarget> ResolveAsync(string host, CancellationToken cancellationToken);
}

/// <summary>
/// How one host is reached. An implementation derives from it what it needs to connect; equal targets share a connection.
/// </summary>
/// <param name="Name">The host as the configuration names it; the key of results and messages.</param>
/// <param name="Address">The target for people, without what is secret: <c>user@address:port</c>.</param>
public record HostTarget(string Name, string Address)
{
    /// <summary>The jump host for people, if there is one.</summary>
    public string? Jump { get; init; }

    /// <summary>Whether the user wants silent connections to be checked.</summary>
    public bool IsKeptAlive { get; init; } = true;

    /// <summary>The address.</summary>
    public sealed override string ToString() => Address;
}
