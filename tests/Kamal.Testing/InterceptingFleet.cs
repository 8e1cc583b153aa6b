using Kamal.Engine.Hosts;

namespace Kamal.Testing;

/// <summary>Passes everything on to another fleet, but changes each script first.</summary>
internal sealed class InterceptingFleet(IFleet inner, Func<HostScript, HostScript> change) : IFleet
{
    public bool IsPreview => inner.IsPreview;

    /// <summary>What a host is waited for before each script.</summary>
    public Func<string, CancellationToken, Task>? Before { get; init; }

    /// <summary>Why a host refuses to listen on a port; null if it does not.</summary>
    public Func<string, Exception?>? Refusal { get; init; }

    public async Task<IReadOnlyList<ScriptResult>> RunAsync(
        string phase, IReadOnlyList<string> hosts, Func<string, HostScript?> scriptFor, CancellationToken cancellationToken)
    {
        foreach (var host in hosts) await (Before?.Invoke(host, cancellationToken) ?? Task.CompletedTask);
        return await inner.RunAsync(
            phase, hosts, host => scriptFor(host) is { } script ? change(script) : null, cancellationToken);
    }

    public Task<int?> StreamAsync(
        string host, Step step, Action<ReadOnlyMemory<byte>> output, Action<ReadOnlyMemory<byte>> errorOutput,
        CancellationToken cancellationToken) =>
        inner.StreamAsync(host, step, output, errorOutput, cancellationToken);

    public Task<int?> InteractAsync(
        string host, Step step, IInteractiveConsole console, Action<ReadOnlyMemory<byte>, bool> receive,
        CancellationToken cancellationToken) =>
        inner.InteractAsync(host, step, console, receive, cancellationToken);

    public Task<IAsyncDisposable> ForwardPortAsync(string host, int port, CancellationToken cancellationToken) =>
        inner.ForwardPortAsync(host, port, cancellationToken);

    public Task<IHostListener> ListenAsync(
        string host, Func<Stream, CancellationToken, Task> serve, CancellationToken cancellationToken) =>
        Refusal?.Invoke(host) is { } refused ? throw refused : inner.ListenAsync(host, serve, cancellationToken);

    public async Task<ScriptResult?> RunBesideAsync(string host, HostScript script) =>
        await inner.RunBesideAsync(host, change(script));

    public void Warm(IReadOnlyList<string> hosts, CancellationToken cancellationToken) => inner.Warm(hosts, cancellationToken);

    public Task DisconnectAsync(string host) => inner.DisconnectAsync(host);
}
