namespace Kamal.Engine.Hosts;

/// <summary>An open connection to one host.</summary>
public interface IHostConnection : IAsyncDisposable
{
    /// <summary>The host, as the configuration names it.</summary>
    string HostName { get; }

    /// <summary>Whether it still stands, as far as is known here.</summary>
    bool IsConnected { get; }

    /// <summary>Starts a command on a channel of its own.</summary>
    /// <param name="command">The command line for the login shell of the host.</param>
    /// <param name="cancellationToken">Stops the start, not the command.</param>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ConnectionFailed"/>: the connection is broken or allows no more channels; <see cref="KamalErrorId.TimedOut"/>: the server did not say.</exception>
    Task<IRemoteProcess> StartAsync(string command, CancellationToken cancellationToken);

    /// <summary>Starts a command on a channel of its own, on a terminal.</summary>
    /// <param name="command">The command line for the login shell of the host.</param>
    /// <param name="terminal">The terminal that it gets.</param>
    /// <param name="cancellationToken">Stops the start, not the command.</param>
    /// <exception cref="KamalException">As for a command without a terminal.</exception>
    Task<IRemoteProcess> StartAsync(string command, PseudoTerminal terminal, CancellationToken cancellationToken);

    /// <summary>Listens on a port of the host's loopback and passes what comes there to an address that this machine reaches.</summary>
    /// <param name="remotePort">The port on the host.</param>
    /// <param name="localHost">The address to pass to.</param>
    /// <param name="localPort">The port to pass to.</param>
    /// <returns>Ends the forwarding when disposed.</returns>
    Task<IAsyncDisposable> ForwardRemotePortAsync(int remotePort, string localHost, int localPort, CancellationToken cancellationToken);

    /// <summary>What the operator should know of the connection and was not told yet; each is given once.</summary>
    IReadOnlyList<string> TakeWarnings() => [];
}

/// <summary>A command that runs on a host, on one channel of a connection.</summary>
public interface IRemoteProcess : IAsyncDisposable
{
    /// <summary>Its standard input; closing it is end of file there.</summary>
    Stream Input { get; }

    /// <summary>Its standard output.</summary>
    Stream Output { get; }

    /// <summary>Its standard error.</summary>
    Stream ErrorOutput { get; }

    /// <summary>Ends when the command has: its exit code, or null when a signal or a broken connection ended it.</summary>
    Task<int?> Completion { get; }

    /// <summary>Tells a command on a terminal that the terminal has another size now.</summary>
    /// <param name="columns">How many characters a line has.</param>
    /// <param name="rows">How many lines there are.</param>
    void Resize(int columns, int rows);
}
