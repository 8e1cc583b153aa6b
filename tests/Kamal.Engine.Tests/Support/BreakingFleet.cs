using Kamal.Engine.Commands;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Tests.Support;

/// <summary>How a step breaks.</summary>
internal enum Breakage
{
    /// <summary>It fails and does nothing.</summary>
    Fails,

    /// <summary>It does its work and fails.</summary>
    FailsAfter,

    /// <summary>Its <c>docker run</c> makes the container and cannot start it.</summary>
    RunsHalf,

    /// <summary>The run is stopped before the step has done anything.</summary>
    StoppedIn,

    /// <summary>The run is stopped when the step has done its work, and its result has not come yet.</summary>
    StoppedAfter,
}

/// <summary>Passes scripts on to a real fleet, but for one step, counted over the whole run, which breaks.</summary>
/// <param name="inner">The real one.</param>
/// <param name="step">Which; none, if negative.</param>
/// <param name="breakage">How.</param>
internal sealed class BreakingFleet(IFleet inner, int step = -1, Breakage breakage = Breakage.Fails) : IFleet
{
    private readonly List<Step> _steps = [];

    public bool IsPreview => false;

    /// <summary>The steps of all scripts, in order.</summary>
    public IReadOnlyList<Step> Steps => _steps;

    /// <summary>The one that breaks, once it was come to.</summary>
    public Step? BrokenStep { get; private set; }

    public Task<IReadOnlyList<ScriptResult>> RunAsync(
        string phase, IReadOnlyList<string> hosts, Func<string, HostScript?> scriptFor, CancellationToken cancellationToken) =>
        inner.RunAsync(phase, hosts, host => scriptFor(host) is { } script ? script with { Steps = [.. script.Steps.Select(Count)] } : null, cancellationToken);

    public Task<int?> StreamAsync(
        string host, Step step, Action<ReadOnlyMemory<byte>> output, Action<ReadOnlyMemory<byte>> errorOutput, CancellationToken cancellationToken) =>
        inner.StreamAsync(host, step, output, errorOutput, cancellationToken);

    public Task<int?> InteractAsync(
        string host, Step step, IInteractiveConsole console, Action<ReadOnlyMemory<byte>, bool> receive, CancellationToken cancellationToken) =>
        inner.InteractAsync(host, step, console, receive, cancellationToken);

    public Task<IAsyncDisposable> ForwardPortAsync(string host, int port, CancellationToken cancellationToken) => inner.ForwardPortAsync(host, port, cancellationToken);

    public void Warm(IReadOnlyList<string> hosts, CancellationToken cancellationToken) => inner.Warm(hosts, cancellationToken);

    public Task DisconnectAsync(string host) => inner.DisconnectAsync(host);

    private Step Count(Step one)
    {
        lock (_steps)
        {
            _steps.Add(one);
            return _steps.Count - 1 == step ? BrokenStep = one with { Command = Broken(one.Command.Text) } : one;
        }
    }

    private ShellCommand Broken(string command) => ShellCommand.CommandLine(breakage switch
    {
        Breakage.Fails => "echo 'it fails' >&2; exit 1",
        Breakage.FailsAfter => $"( {command} ); echo 'it fails' >&2; exit 1",
        Breakage.RunsHalf => $"export RUN_FAILS=1; {command}",
        Breakage.StoppedIn => "echo > \"$STAND_IN/reached\"; exec /bin/sleep 600",
        _ => $"( {command} ); echo > \"$STAND_IN/reached\"; exec /bin/sleep 600",
    });
}
