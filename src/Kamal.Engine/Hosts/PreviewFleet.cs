using Kamal.Engine.Events;

namespace Kamal.Engine.Hosts;

/// <summary>Shows what a run would do without connecting; used for <c>-WhatIf</c>.</summary>
/// <param name="sink">Receives each step.</param>
public sealed class PreviewFleet(IRunSink sink) : IFleet
{
    /// <inheritdoc/>
    public bool IsPreview => true;

    /// <inheritdoc/>
    public Task<IReadOnlyList<ScriptResult>> RunAsync(
        string phase, IReadOnlyList<string> hosts, Func<string, HostScript?> scriptFor, CancellationToken cancellationToken)
    {
        List<ScriptResult> results = [];
        foreach (var host in hosts)
        {
            if (scriptFor(host) is not { Steps.IsEmpty: false } script) continue;
            foreach (var step in script.Steps) Show(host, phase, step);
            results.Add(new(host, script, [.. script.Steps.Select(step => new StepResult(step, StepStatus.Previewed))]));
        }

        return Task.FromResult<IReadOnlyList<ScriptResult>>(results);
    }

    /// <inheritdoc/>
    public Task<int?> StreamAsync(
        string host, Step step, Action<ReadOnlyMemory<byte>> output, Action<ReadOnlyMemory<byte>> errorOutput,
        CancellationToken cancellationToken)
    {
        Show(host, step.Name, step);
        return Task.FromResult<int?>(0);
    }

    /// <inheritdoc/>
    public Task<int?> InteractAsync(
        string host, Step step, IInteractiveConsole console, Action<ReadOnlyMemory<byte>, bool> receive,
        CancellationToken cancellationToken)
    {
        Show(host, step.Name, step);
        return Task.FromResult<int?>(0);
    }

    /// <inheritdoc/>
    public Task<IAsyncDisposable> ForwardPortAsync(string host, int port, CancellationToken cancellationToken) =>
        Task.FromResult<IAsyncDisposable>(new Nothing());

    /// <inheritdoc/>
    public Task<IHostListener> ListenAsync(
        string host, Func<Stream, CancellationToken, Task> serve, CancellationToken cancellationToken) =>
        Task.FromResult<IHostListener>(new Nothing());

    /// <inheritdoc/>
    public Task<ScriptResult?> RunBesideAsync(string host, HostScript script) => Task.FromResult<ScriptResult?>(null);

    /// <inheritdoc/>
    public void Warm(IReadOnlyList<string> hosts, CancellationToken cancellationToken)
    {
        // A preview does not connect.
    }

    /// <inheritdoc/>
    public Task DisconnectAsync(string host) => Task.CompletedTask;

    private void Show(string host, string phase, Step step) => sink.Emit(new StepPreviewed(phase, step) { HostName = host });

    private sealed class Nothing : IHostListener
    {
        public int Port => 0;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
