namespace Kamal.Engine.Hosts;

/// <summary>An open connection to one host.</summary>
public interface IHostConnection : IAsyncDisposable
{
    /// <summary>The host's name in the configuration.</summary>
    string HostName { get; }

    /// <summary>Whether it was connected when last checked.</summary>
    bool IsConnected { get; }

    /// <summary>How long the host had not responded when the connection was given up for that; null if it was not.</summary>
    TimeSpan? Silence => null;

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

    /// <summary>
    /// Listens on a port of the host's loopback interface that the server chooses, and serves its connections in this process.
    /// </summary>
    /// <param name="serve">
    /// Serves one connection until the token is cancelled; the stream is closed when it ends. Its failures are not reported.
    /// </param>
    /// <param name="cancellationToken">Stops the set-up.</param>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ConnectionFailed"/>: the server refuses.</exception>
    Task<IHostListener> ListenAsync(Func<Stream, CancellationToken, Task> serve, CancellationToken cancellationToken);

    /// <summary>Warnings about the connection since the last call.</summary>
    IReadOnlyList<string> TakeWarnings() => [];
}

/// <summary>A port on a host that this process serves. Disposing of it ends the listening and its connections.</summary>
public interface IHostListener : IAsyncDisposable
{
    /// <summary>The port on the host's loopback interface.</summary>
    int Port { get; }
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
