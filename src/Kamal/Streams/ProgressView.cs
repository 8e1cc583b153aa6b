using System.Diagnostics;
using System.Management.Automation;
using Kamal.Engine.Events;

namespace Kamal.Streams;

/// <summary>Shows a progress bar for the run and one for each active host, updated at most ten times a second.</summary>
/// <param name="activity">The title.</param>
/// <param name="write">Writes a record to the progress stream.</param>
internal sealed class ProgressView(string activity, Action<ProgressRecord> write)
{
    // More bars would scroll.
    private const int MaxChildren = 20;
    private const int ParentId = 0x6B61;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<string, int> _children = [];
    private readonly Dictionary<string, string> _changed = [];
    private readonly HashSet<string> _shown = [];
    private string _phase = "";
    private long _last;
    private bool _started;

    /// <summary>Updates the bars after an event.</summary>
    public void Follow(RunEvent runEvent)
    {
        switch (runEvent)
        {
            case PhaseStarted phase:
                _phase = phase.Phase;
                break;
            case StepStarted step when step.HostName is { } host:
                _changed[host] = step.Step.Name;
                break;
            case HostFailed failed when failed.HostName is { } host:
                _changed[host] = "failed";
                break;
            case LocalStarted local:
                _phase = local.Command;
                break;
            default:
                return;
        }

        if (!_started || Stopwatch.GetElapsedTime(_last) >= Interval) Write();
    }

    /// <summary>Removes the bars.</summary>
    public void Complete()
    {
        if (!_started) return;
        foreach (var host in _shown) write(Child(host, "done", ProgressRecordType.Completed));
        write(new(ParentId, activity, "done") { RecordType = ProgressRecordType.Completed });
        _started = false;
    }

    private void Write()
    {
        _started = true;
        _last = Stopwatch.GetTimestamp();
        write(new(ParentId, activity, _phase.Length > 0 ? _phase : "…"));
        foreach (var (host, step) in _changed)
        {
            if (_shown.Count >= MaxChildren && !_shown.Contains(host)) continue;
            _shown.Add(host);
            write(Child(host, step, ProgressRecordType.Processing));
        }

        _changed.Clear();
    }

    private ProgressRecord Child(string host, string status, ProgressRecordType type)
    {
        if (!_children.TryGetValue(host, out var id)) _children[host] = id = ParentId + 1 + _children.Count;
        return new(id, host, status) { ParentActivityId = ParentId, RecordType = type };
    }
}
