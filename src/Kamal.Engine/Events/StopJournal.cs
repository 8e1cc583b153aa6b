using System.Collections.Concurrent;

namespace Kamal.Engine.Events;

/// <summary>
/// Passes events on, and follows how far each host has come, so that a run which is stopped ends with a line for each host that says where
/// it stands. A host of which a clean-up has said more gets no other line.
/// </summary>
/// <param name="inner">Gets all events.</param>
/// <param name="stop">The token that stops the run.</param>
public sealed class StopJournal(IRunSink inner, CancellationToken stop) : IRunSink
{
    private readonly ConcurrentDictionary<string, Place> _places = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _told = new(StringComparer.Ordinal);
    private volatile bool _hasChanged;

    /// <inheritdoc/>
    public void Emit(RunEvent runEvent)
    {
        switch (runEvent)
        {
            case PhaseStarted phase when !stop.IsCancellationRequested:
                foreach (var host in phase.HostNames) _places[host] = new(phase.Phase, null, IsDone: false);
                break;
            case PhaseCompleted phase when !stop.IsCancellationRequested:
                foreach (var (host, place) in _places)
                {
                    if (place.Phase == phase.Phase) _places[host] = place with { IsDone = true };
                }

                break;
            case StepStarted { HostName: { } host } step:
                _hasChanged |= step.Step.Effect == StepEffect.Mutating;
                var name = step.Step.Name;
                _places.AddOrUpdate(host, new Place(name, name, IsDone: false), (_, place) => place with { Step = name });
                break;
            case MessageEmitted { Severity: MessageSeverity.Warning, HostName: { } host } when stop.IsCancellationRequested:
                _told[host] = true;
                break;
        }

        inner.Emit(runEvent);
    }

    /// <inheritdoc/>
    public Task CaughtUpAsync(CancellationToken cancellationToken) => inner.CaughtUpAsync(cancellationToken);

    /// <summary>Says where each host stands, if the run may have changed any.</summary>
    /// <param name="hosts">All hosts that the run was about.</param>
    public void Tell(IEnumerable<string> hosts)
    {
        if (!_hasChanged) return;
        foreach (var host in hosts.Union(_places.Keys).Except(_told.Keys))
        {
            inner.Warn(!_places.TryGetValue(host, out var place) || place.Step is null && !place.IsDone
                ? "Stopped before anything was done here."
                : place.IsDone
                ? $"Stopped after '{place.Phase}' was done here; nothing else was started."
                : $"Stopped in '{place.Phase}', at '{place.Step}'.", host);
        }
    }

    private sealed record Place(string Phase, string? Step, bool IsDone);
}
