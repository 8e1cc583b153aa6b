namespace Kamal.Engine.Hosts;

/// <summary>Runs phases on the hosts of a run. Implemented over SSH, and by a preview that does not connect.</summary>
public interface IFleet
{
    /// <summary>Whether steps are only shown and not run.</summary>
    bool IsPreview { get; }

    /// <summary>Runs one script on each host and waits for all of them. A host's failure is in its result and is not thrown.</summary>
    /// <param name="scriptFor">Returns the script of a host, or null for none.</param>
    /// <param name="cancellationToken">Stops the scripts, then throws.</param>
    /// <returns>The results in the order of <paramref name="hosts"/>.</returns>
    /// <exception cref="OperationCanceledException">The run was stopped, and its processes on the hosts have ended.</exception>
    Task<IReadOnlyList<ScriptResult>> RunAsync(
        string phase, IReadOnlyList<string> hosts, Func<string, HostScript?> scriptFor, CancellationToken cancellationToken);

    /// <summary>Runs one command on its own channel and passes on its output as it arrives.</summary>
    /// <param name="step">The command.</param>
    /// <param name="output">Receives chunks of standard output.</param>
    /// <param name="errorOutput">Receives chunks of standard error.</param>
    /// <param name="cancellationToken">Ends the command.</param>
    /// <returns>The exit code, or null if a signal or a broken connection ended the command.</returns>
    Task<int?> StreamAsync(
        string host, Step step, Action<ReadOnlyMemory<byte>> output, Action<ReadOnlyMemory<byte>> errorOutput,
        CancellationToken cancellationToken);

    /// <summary>Runs one interactive command on its own channel.</summary>
    /// <param name="step">The command.</param>
    /// <param name="console">The operator's console. If it is a terminal, the command gets one too.</param>
    /// <param name="receive">Receives chunks of output, and whether they are error output.</param>
    /// <param name="cancellationToken">Ends the command.</param>
    /// <returns>The exit code, or null if a signal or a broken connection ended the command.</returns>
    Task<int?> InteractAsync(
        string host, Step step, IInteractiveConsole console, Action<ReadOnlyMemory<byte>, bool> receive,
        CancellationToken cancellationToken);

    /// <summary>Forwards a port on a host's loopback interface to the same port on this machine.</summary>
    /// <param name="port">The port on both ends.</param>
    /// <returns>The forwarding, which ends when disposed.</returns>
    Task<IAsyncDisposable> ForwardPortAsync(string host, int port, CancellationToken cancellationToken);

    /// <summary>
    /// Listens on a port of a host's loopback interface that the server chooses, and serves its connections in this process. A preview
    /// listens on port 0.
    /// </summary>
    /// <param name="serve">
    /// Serves one connection until the token is cancelled; the stream is closed when it ends. Its failures are not reported.
    /// </param>
    /// <param name="cancellationToken">Stops the set-up.</param>
    Task<IHostListener> ListenAsync(string host, Func<Stream, CancellationToken, Task> serve, CancellationToken cancellationToken);

    /// <summary>Runs a script beside those of phases, which do not wait for it and do not report it.</summary>
    /// <returns>Its result, or null if the host could not run it now.</returns>
    Task<ScriptResult?> RunBesideAsync(string host, HostScript script);

    /// <summary>Starts to connect to hosts ahead of the first phase, which reports any failures.</summary>
    /// <param name="cancellationToken">Stops the attempts.</param>
    void Warm(IReadOnlyList<string> hosts, CancellationToken cancellationToken);

    /// <summary>
    /// Closes the connection to a host, so that the next phase logs in again, for example with changed group memberships.
    /// </summary>
    Task DisconnectAsync(string host);
}
