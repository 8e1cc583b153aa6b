namespace Kamal.Engine.Hosts;

/// <summary>The hosts of one run: runs phases on them and waits for all. Implementations: over SSH, and a preview that reaches nobody.</summary>
public interface IFleet
{
    /// <summary>Whether nothing is really run.</summary>
    bool IsPreview { get; }

    /// <summary>Runs one script on each host and waits for all of them. A host that fails is in its result; nothing is thrown for it.</summary>
    /// <param name="scriptFor">The script of a host, or null for none.</param>
    /// <param name="cancellationToken">Stops the scripts where they are and then throws.</param>
    /// <returns>The results in the order of <paramref name="hosts"/>.</returns>
    /// <exception cref="OperationCanceledException">The run was stopped; what ran on the hosts was ended.</exception>
    Task<IReadOnlyList<ScriptResult>> RunAsync(
        string phase, IReadOnlyList<string> hosts, Func<string, HostScript?> scriptFor, CancellationToken cancellationToken);

    /// <summary>Runs one command on a channel of its own and hands out its output as it comes: logs that are followed, raw bytes.</summary>
    /// <param name="step">The command; in a preview it is only shown.</param>
    /// <param name="output">Gets chunks of standard output.</param>
    /// <param name="errorOutput">Gets chunks of standard error.</param>
    /// <param name="cancellationToken">Ends the command.</param>
    /// <returns>The exit code, or null when a signal or the connection ended it.</returns>
    Task<int?> StreamAsync(
        string host, Step step, Action<ReadOnlyMemory<byte>> output, Action<ReadOnlyMemory<byte>> errorOutput, CancellationToken cancellationToken);

    /// <summary>Runs one command that the operator works with, on a channel of its own.</summary>
    /// <param name="step">The command; in a preview it is only shown.</param>
    /// <param name="console">The operator's end; where it is a terminal, the command gets one too.</param>
    /// <param name="receive">Gets chunks of output, and whether they are error output.</param>
    /// <param name="cancellationToken">Ends the command.</param>
    /// <returns>The exit code, or null when a signal or the connection ended it.</returns>
    Task<int?> InteractAsync(
        string host, Step step, IInteractiveConsole console, Action<ReadOnlyMemory<byte>, bool> receive, CancellationToken cancellationToken);

    /// <summary>Makes a port of this machine's loopback reachable as the same port of a host's loopback.</summary>
    /// <param name="port">The port on both.</param>
    /// <returns>Ends the forwarding when disposed.</returns>
    Task<IAsyncDisposable> ForwardPortAsync(string host, int port, CancellationToken cancellationToken);

    /// <summary>Begins to connect to hosts, so that they are warm when the first phase wants them. Failures show up in that phase.</summary>
    /// <param name="cancellationToken">Ends the attempts that nobody wants any more.</param>
    void Warm(IReadOnlyList<string> hosts, CancellationToken cancellationToken);

    /// <summary>Closes the connection to a host, so that the next phase logs in anew: what a login fixes, as its groups, has changed.</summary>
    Task DisconnectAsync(string host);
}
