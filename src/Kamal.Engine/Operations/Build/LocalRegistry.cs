using System.Collections.Immutable;
using Kamal.Engine.Commands;
using Kamal.Engine.Events;

namespace Kamal.Engine.Operations;

/// <summary>The registry on this machine: running it, and making it reachable for hosts and remote builders.</summary>
internal sealed class LocalRegistry(Run run)
{
    /// <summary>Starts it; the first time it is made.</summary>
    public async Task StartAsync()
    {
        var started = await run.LocalAsync(LocalRegistryCommands.Start()).ConfigureAwait(false);
        if (started.Succeeded) return;
        var made = await run.LocalAsync(LocalRegistryCommands.Run(run.Context.Configuration.Registry)).ConfigureAwait(false);
        LocalTools.EnsureSucceeded(made, "The registry could not be started on this machine");
    }

    /// <summary>Removes it, and with it every image that it holds; one that is not there is fine.</summary>
    /// <returns>Whether it was there.</returns>
    public async Task<bool> RemoveAsync()
    {
        var stopped = await run.LocalAsync(LocalRegistryCommands.Stop()).ConfigureAwait(false);
        if (!stopped.Succeeded) return false;
        (await run.LocalAsync(LocalRegistryCommands.Remove()).ConfigureAwait(false))
            .EnsureSucceeded("The registry on this machine could not be removed");
        return true;
    }

    /// <summary>
    /// Makes its port reachable as the same port of each host's loopback, until the result is disposed. It does
    /// nothing if the registry is not a local one.
    /// </summary>
    /// <param name="hosts">The hosts: names of the configuration, or <c>user@host:port</c>.</param>
    public async Task<IAsyncDisposable> ForwardAsync(IReadOnlyList<string> hosts)
    {
        if (!run.Context.Configuration.Registry.IsLocal || hosts.Count == 0) return new Forwards([]);
        await run.ConnectAsync().ConfigureAwait(false);
        run.Sink.Inform($"Forwarding the port of this machine's registry to {string.Join(", ", hosts)}...");
        var attempts = await Task.WhenAll(hosts.Select(TryForwardAsync)).ConfigureAwait(false);
        var forwards = new Forwards([.. attempts.Select(attempt => attempt.Forward).OfType<IAsyncDisposable>()]);
        ImmutableArray<Exception> errors = [.. attempts.Select(attempt => attempt.Error).OfType<Exception>()];
        if (errors.IsEmpty) return forwards;
        await forwards.DisposeAsync().ConfigureAwait(false);
        run.Cancellation.ThrowIfCancellationRequested();
        ImmutableArray<KamalException> failures = [.. errors.OfType<KamalException>()];
        throw new KamalException(KamalErrorId.OperationFailed,
            $"The port of this machine's registry could not be forwarded: {string.Join(" ", errors.Select(error => error.Message))}",
                errors[0])
        {
            Causes = failures,
            HostName = failures.Length == 1 ? failures[0].HostName : null,
            Recommendation = "The host's SSH server must allow TCP forwarding, and nothing else there may use the port.",
        };
    }

    private async Task<(IAsyncDisposable? Forward, Exception? Error)> TryForwardAsync(string host)
    {
        try
        {
            return (await run.Context.Fleet.ForwardPortAsync(host, run.Context.Configuration.Registry.LocalPort,
                run.Cancellation).ConfigureAwait(false), null);
        }
        catch (KamalException error)
        {
            run.Sink.Emit(new HostFailed(error) { HostName = host });
            return (null, error);
        }
        catch (OperationCanceledException stopped)
        {
            return (null, stopped);
        }
    }

    private sealed class Forwards(ImmutableArray<IAsyncDisposable> forwards) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            foreach (var forward in forwards) await forward.DisposeAsync().ConfigureAwait(false);
        }
    }
}
