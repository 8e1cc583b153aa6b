using System.Globalization;
using Kamal.Engine.Events;

namespace Kamal.Streams;

/// <summary>What a host is doing, or a build.</summary>
/// <param name="Status">The step.</param>
internal sealed record ProgressLine(string Status)
{
    /// <summary>How long the step waits at most; null if it does not wait.</summary>
    public TimeSpan? Limit { get; init; }

    /// <summary>When the step began, as a timestamp of the clock.</summary>
    public long Since { get; init; }

    /// <summary>How much is done, or null if that is not known.</summary>
    public int? Percent { get; init; }

    /// <summary>Whether nothing is to be done.</summary>
    public bool IsDone { get; init; }

    /// <summary>The step and, while it waits, how long it has and may.</summary>
    public string Text(TimeProvider clock)
    {
        if (Limit is not { } limit || clock.GetElapsedTime(Since) is not { TotalSeconds: >= 1 } waited) return Status;
        var seconds = Math.Min(Math.Floor(waited.TotalSeconds), limit.TotalSeconds);
        return string.Create(CultureInfo.InvariantCulture, $"{Status}: {seconds:0} of {limit.TotalSeconds:0} s");
    }
}

/// <summary>Counts the steps and hosts that are done.</summary>
internal sealed class ProgressCount
{
    private readonly Dictionary<string, int> _begun = [];
    private readonly Dictionary<string, (HashSet<string> Hosts, HashSet<string> Done)> _phases = [];
    private string _phase = "";
    private int _all;
    private int _done;
    private int _percent = -1;

    /// <summary>The share of the plan's steps that are done or begun; -1 if the plan is not known. Never goes back.</summary>
    public int Percent =>
        _all == 0 ? -1 : _percent = Math.Max(_percent, Math.Clamp(100 * (_done + _begun.Values.Sum()) / _all, 0, 99));

    /// <summary>How many hosts are done with the phase; null if one host has it.</summary>
    public string? Hosts => _phases.TryGetValue(_phase, out var phase) && phase.Hosts.Count > 1
        ? string.Create(CultureInfo.InvariantCulture, $"{phase.Done.Count} of {phase.Hosts.Count} hosts")
        : null;

    /// <summary>Counts what an event says.</summary>
    public void Follow(RunEvent runEvent)
    {
        switch (runEvent)
        {
            case PlanMade made:
                _all = made.Plan.StepCount;
                break;
            case PhaseStarted phase:
                Begin(phase);
                break;
            case LocalStarted:
                _phase = "";
                break;
            case StepStarted { HostName: { } host }:
                _begun[host] = _begun.GetValueOrDefault(host) + 1;
                break;
            case HostCompleted { HostName: { } host } completed:
                _begun.Remove(host);
                _done += completed.Steps;
                if (_phases.TryGetValue(completed.Phase, out var its)) its.Done.Add(host);
                break;
        }
    }

    private void Begin(PhaseStarted phase)
    {
        // The hosts of a boot begin one by one, and its roles side by side.
        if (!_phases.TryGetValue(phase.Phase, out var its)) _phases[phase.Phase] = its = ([], []);
        its.Hosts.UnionWith(phase.HostNames);
        its.Done.ExceptWith(phase.HostNames);
        _phase = phase.Phase;
    }
}
