using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Kamal.Engine.Events;

namespace Kamal.Engine.Hosts;

/// <summary>The hosts of one run, reached over pooled connections. No thread blocks on a host.</summary>
/// <param name="resolve">Resolves a configured host to a target.</param>
/// <param name="interaction">Asks the operator questions while connecting.</param>
/// <param name="sink">Receives the run's events.</param>
/// <param name="throttleLimit">The maximum number of hosts that work at once; null for all.</param>
/// <param name="limits">Connection limits; null for Kamal's defaults.</param>
[
    SuppressMessage(
        "Design", "CA1001",
        Justification = "Semaphores without wait handles hold no resources, and a run's scripts may outlive the fleet.")]
public sealed class Fleet(
    HostConnectionPool pool,
    Func<string, CancellationToken, ValueTask<HostTarget>> resolve,
    IHostInteraction interaction,
    IRunSink sink,
    int? throttleLimit = null,
    HostConnectionLimits? limits = null) : IFleet
{
    private readonly SemaphoreSlim? _throttle = throttleLimit is { } limit ? new(limit, limit) : null;
    private readonly HostConnectionLimits _limits = limits ?? new();
    private readonly SemaphoreSlim _starts = new((limits ?? new()).MaxConcurrentStarts);
    private readonly ConcurrentDictionary<string, bool> _warned = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public bool IsPreview => false;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ScriptResult>> RunAsync(
        string phase, IReadOnlyList<string> hosts, Func<string, HostScript?> scriptFor, CancellationToken cancellationToken)
    {
        var work = hosts.Select(host => (Host: host, Script: scriptFor(host)))
            .Where(item => item.Script is { Steps.IsEmpty: false }).ToList();
        if (work.Count == 0) return [];
        var began = Stopwatch.GetTimestamp();
        sink.Emit(new PhaseStarted(phase, [.. work.Select(item => item.Host)]));
        var limit = BoundedBuffer.LimitFor(work.Count);
        var results = await Task.WhenAll(
            work.Select(item =>
                CompleteOnHostAsync(item.Host, item.Script! with { OutputLimit = limit }, cancellationToken))).ConfigureAwait(false);
        sink.Emit(new PhaseCompleted(phase, Stopwatch.GetElapsedTime(began), results.Count(result => !result.Succeeded)));
        return results;
    }

    /// <inheritdoc/>
    public Task<int?> StreamAsync(
        string host, Step step, Action<ReadOnlyMemory<byte>> output, Action<ReadOnlyMemory<byte>> errorOutput,
        CancellationToken cancellationToken) =>
        OnChannelAsync(
            host, step, session => new StreamedCommand(session, step, sink).RunAsync(output, errorOutput, cancellationToken),
            cancellationToken);

    /// <inheritdoc/>
    public Task<int?> InteractAsync(
        string host, Step step, IInteractiveConsole console, Action<ReadOnlyMemory<byte>, bool> receive,
        CancellationToken cancellationToken) =>
        OnChannelAsync(host, step, session => console.Terminal is { } terminal
            ? new TerminalCommand(session, step, console, sink).RunAsync(terminal, cancellationToken)
            : new StreamedCommand(session, step, sink, console)
                .RunAsync(bytes => receive(bytes, false), bytes => receive(bytes, true), cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IAsyncDisposable> ForwardPortAsync(string host, int port, CancellationToken cancellationToken) =>
        WhileUsedAsync<IAsyncDisposable>(
            host,
            async (connection, usage) => new Forwarding(
                await connection.ForwardRemotePortAsync(port, "127.0.0.1", port, cancellationToken).ConfigureAwait(false), usage),
            cancellationToken);

    /// <inheritdoc/>
    public Task<IHostListener> ListenAsync(
        string host, Func<Stream, CancellationToken, Task> serve, CancellationToken cancellationToken) =>
        WhileUsedAsync<IHostListener>(
            host,
            async (connection, usage) => new Listening(
                await connection.ListenAsync(serve, cancellationToken).ConfigureAwait(false), usage),
            cancellationToken);

    /// <inheritdoc/>
    public async Task<ScriptResult?> RunBesideAsync(string host, HostScript script)
    {
        try
        {
            var session = await SessionAsync(host, CancellationToken.None).ConfigureAwait(false);
            return await session.RunBesideAsync(script).ConfigureAwait(false);
        }
        catch (Exception error) when (HostErrors.IsHosts(error, CancellationToken.None))
        {
            sink.Detail($"'{script.Phase}' could not run: {error.Message}", host);
            return null;
        }
    }

    /// <inheritdoc/>
    public void Warm(IReadOnlyList<string> hosts, CancellationToken cancellationToken)
    {
        foreach (var host in hosts) _ = WarmAsync(host, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task DisconnectAsync(string host) =>
        await pool.DropAsync(await resolve(host, CancellationToken.None).ConfigureAwait(false)).ConfigureAwait(false);

    private async Task<T> WhileUsedAsync<T>(
        string host, Func<IHostConnection, IDisposable, Task<T>> open, CancellationToken cancellationToken)
    {
        var session = await SessionAsync(host, cancellationToken).ConfigureAwait(false);
        var usage = session.Use();
        try
        {
            return await open(session.Connection, usage).ConfigureAwait(false);
        }
        catch
        {
            usage.Dispose();
            throw;
        }
    }

    private async Task WarmAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            var session = await SessionAsync(host, cancellationToken).ConfigureAwait(false);
            await session.PrepareAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (HostErrors.IsHosts(error, cancellationToken))
        {
            sink.Detail($"Could not connect ahead of time: {error.Message}", host);
        }
        catch (OperationCanceledException)
        {
            // The run was stopped and reports that itself.
            return;
        }
    }

    private async Task<int?> OnChannelAsync(string host, Step step, Func<HostSession, Task<int?>> run, CancellationToken cancellationToken)
    {
        try
        {
            var session = await SessionAsync(host, cancellationToken).ConfigureAwait(false);
            using var usage = session.Use();
            sink.Emit(new StepStarted(step) { HostName = host });
            var exitCode = await run(session).ConfigureAwait(false);
            PassWarnings(session, host);
            return exitCode;
        }
        catch (Exception error) when (error is not KamalException && HostErrors.IsHosts(error, cancellationToken))
        {
            throw HostErrors.Wrap(host, error);
        }
    }

    private async Task<ScriptResult> CompleteOnHostAsync(string host, HostScript script, CancellationToken cancellationToken)
    {
        var result = await RunOnHostAsync(host, script, cancellationToken).ConfigureAwait(false);
        var steps = script.Steps.Count(step => step.Run != StepRun.AfterFailure);
        sink.Emit(new HostCompleted(script.Phase, steps, !result.Succeeded) { HostName = host });
        return result;
    }

    private async Task<ScriptResult> RunOnHostAsync(string host, HostScript script, CancellationToken cancellationToken)
    {
        if (_throttle is not null) await _throttle.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var began = Stopwatch.GetTimestamp();
            var session = await SessionAsync(host, cancellationToken).ConfigureAwait(false);
            var connected = Stopwatch.GetTimestamp();
            var result = await RunAsync(host, session, script, cancellationToken).ConfigureAwait(false);
            if (interaction.TracesScripts)
            {
                interaction.Trace(host, FleetTrace.Of(result, session, Stopwatch.GetElapsedTime(began, connected),
                    Stopwatch.GetElapsedTime(connected)));
            }

            PassWarnings(session, host);
            // Only read-only scripts are retried: how far any other script got is unknown.
            if (result.Failure is not { Id: KamalErrorId.ConnectionFailed } || script.IsMutating
                || session.Connection.IsConnected) return result;
            sink.Detail("The connection broke; connecting again.", host);
            session = await SessionAsync(host, cancellationToken).ConfigureAwait(false);
            return await session.RunAsync(script, sink, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (HostErrors.IsHosts(error, cancellationToken))
        {
            ImmutableArray<StepResult> steps = [.. script.Steps.Select(step => new StepResult(step, StepStatus.Skipped))];
            return new(host, script, steps) { Failure = HostErrors.Wrap(host, error) };
        }
        finally
        {
            _throttle?.Release();
        }
    }

    /// <summary>
    /// Runs a script. A server that refuses a session although this connection has none open may still count a stopped one: a new
    /// connection has its own count. Because nothing was sent, nothing runs twice.
    /// </summary>
    private async Task<ScriptResult> RunAsync(string host, HostSession session, HostScript script, CancellationToken cancellationToken)
    {
        var sent = false;
        var noted = script with
        {
            Sending = () =>
            {
                sent = true;
                script.Sending?.Invoke();
            },
        };
        try
        {
            return await session.RunAsync(noted, sink, cancellationToken).ConfigureAwait(false);
        }
        catch (KamalException refused) when (refused.Id == KamalErrorId.ConnectionFailed && !sent && !session.IsBusy
            && session.Connection.IsConnected)
        {
            sink.Detail($"{refused.Message} Connecting again.", host);
            await DisconnectAsync(host).ConfigureAwait(false);
            var next = await SessionAsync(host, cancellationToken).ConfigureAwait(false);
            return await next.RunAsync(script, sink, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<HostSession> SessionAsync(string host, CancellationToken cancellationToken)
    {
        var target = await resolve(host, cancellationToken).ConfigureAwait(false);
        return await pool.GetAsync(target, interaction, _limits, _starts, cancellationToken).ConfigureAwait(false);
    }

    private void PassWarnings(HostSession session, string host)
    {
        foreach (var warning in session.Connection.TakeWarnings())
        {
            if (_warned.TryAdd(warning, true)) sink.Warn(warning, host);
        }
    }

    private sealed class Listening(IHostListener listener, IDisposable usage) : IHostListener
    {
        public int Port => listener.Port;

        public async ValueTask DisposeAsync()
        {
            await listener.DisposeAsync().ConfigureAwait(false);
            usage.Dispose();
        }
    }

    private sealed class Forwarding(IAsyncDisposable port, IDisposable usage) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await port.DisposeAsync().ConfigureAwait(false);
            usage.Dispose();
        }
    }
}
