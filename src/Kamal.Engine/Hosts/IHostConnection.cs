namespace Kamal.Engine.Hosts;

/// <summary>An open connection to one host.</summary>
public interface IHostConnection : IAsyncDisposable
{
    /// <summary>The host's name in the configuration.</summary>
    string HostName { get; }

    /// <summary>Whether it was connected when last checked.</summary>
    bool IsConnected { get; }

    /// <summary>Starts a command on its own channel.</summary>
    /// <param name="command">The command line for the account's login shell.</param>
    /// <param name="cancellationToken">Stops starting the command; does not end it.</param>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ConnectionFailed"/>: the connection is broken or allows no more
    /// channels. <see cref="KamalErrorId.TimedOut"/>: the server did not respond.</exception>
    Task<IRemoteProcess> StartAsync(string command, CancellationToken cancellationToken);

    /// <summary>Starts a command on its own channel, with a terminal.</summary>
    /// <param name="command">The command line for the account's login shell.</param>
    /// <param name="terminal">The terminal to allocate.</param>
    /// <param name="cancellationToken">Stops starting the command; does not end it.</param>
    /// <exception cref="KamalException">As for a command without a terminal.</exception>
    Task<IRemoteProcess> StartAsync(string command, PseudoTerminal terminal, CancellationToken cancellationToken);

    /// <summary>Forwards a port on the host's loopback interface to an address that this machine can reach.</summary>
    /// <param name="remotePort">The port on the host.</param>
    /// <param name="localHost">The address to forward to.</param>
    /// <param name="localPort">The port to forward to.</param>
    /// <returns>The forwarding, which ends when disposed.</returns>
    Task<IAsyncDisposable> ForwardRemotePortAsync(int remotePort, string localHost, int localPort, CancellationToken cancellationToken);

    /// <summary>Warnings about the connection since the last call.</summary>
    IReadOnlyList<string> TakeWarnings() => [];
}

/// <summary>A command that runs on a host, on one channel of a connection.</summary>
public interface IRemoteProcess : IAsyncDisposable
{
    /// <summary>Its standard input; closing it sends end of file.</summary>
    Stream Input { get; }

    /// <summary>Its standard output.</summary>
    Stream Output { get; }

    /// <summary>Its standard error.</summary>
    Stream ErrorOutput { get; }

    /// <summary>Completes when the command has ended: its exit code, or null if a signal or a broken connection ended it.</summary>
    Task<int?> Completion { get; }

    /// <summary>Resizes the command's terminal.</summary>
    /// <param name="columns">The width in characters.</param>
    /// <param name="rows">The height in lines.</param>
    void Resize(int columns, int rows);
}
