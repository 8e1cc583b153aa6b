using System.Globalization;
using System.Management.Automation;
using Kamal.Engine.Events;

namespace Kamal.Streams;

/// <summary>
/// Shows a progress bar for the run and one for each host with the step that runs there, updated at most ten times a second.
/// </summary>
/// <param name="activity">The title.</param>
/// <param name="write">Writes a record to the progress stream.</param>
/// <param name="clock">The clock.</param>
internal sealed class ProgressBars(string activity, Action<ProgressRecord> write, TimeProvider clock)
{
    // More bars would scroll.
    private const int MaxChildren = 20;
    private const int ParentId = 0x6B61;
    private const string Build = "build";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<string, int> _ids = [];
    private readonly Dictionary<string, ProgressLine> _lines = [];
    private readonly Dictionary<string, string> _written = [];
    private readonly ProgressCount _count = new();
    private readonly BuildProgress _build = new();
    private string _status = "";
    private long? _last;
    private bool _mayBeUnseen;

    /// <summary>
    /// The bars of a cmdlet, or null if no one would see them: there are no progress bars in CI, in a log, or without interaction.
    /// </summary>
    public static ProgressBars? Of(RunCmdlet cmdlet) => cmdlet.ShowsProgress && IsSeen(cmdlet)
        ? new(cmdlet.ActivityName, cmdlet.WriteProgress, TimeProvider.System)
        : null;

    /// <summary>Whether a person sees the progress stream. PowerShell itself leaves it out where its preference says so.</summary>
    public static bool IsSeen(RunCmdlet cmdlet)
    {
        if (cmdlet.Report is not null || cmdlet.SessionState.PSVariable.GetValue("ProgressPreference") is ActionPreference.SilentlyContinue
            or ActionPreference.Ignore) return false;
        return cmdlet.Host?.Name != "ConsoleHost" || (!Console.IsOutputRedirected && !IsNonInteractive);
    }

    /// <summary>Whether pwsh was started with <c>-NonInteractive</c>, which it accepts from its first four letters on.</summary>
    private static bool IsNonInteractive => Environment.GetCommandLineArgs().Any(argument =>
        argument.Length > 4 && argument[0] == '-'
            && "NonInteractive".StartsWith(argument.TrimStart('-'), StringComparison.OrdinalIgnoreCase));

    /// <summary>Updates the bars after an event.</summary>
    public void Follow(RunEvent runEvent)
    {
        if (!Take(runEvent)) return;
        if (_last is not { } last || clock.GetElapsedTime(last) >= Interval) Write();
    }

    /// <summary>Shows what has changed since, and how long steps have been waiting.</summary>
    public void Tick()
    {
        if (_last is null) return;
        var mayBeUnseen = _mayBeUnseen;
        _mayBeUnseen = false;
        Write();
        if (_mayBeUnseen || !mayBeUnseen) return;
        // PowerShell's console draws at most five times a second, and does not draw by itself what it left out: the bar of a host that
        // changed together with that of the run. Any record makes it draw all.
        write(Run());
    }

    /// <summary>Removes the bars.</summary>
    public void Complete()
    {
        if (_last is null) return;
        foreach (var name in _written.Keys.Where(name => name.Length > 0)) write(Record(name, "done", ProgressRecordType.Completed));
        write(new(ParentId, activity, "done") { RecordType = ProgressRecordType.Completed });
        _written.Clear();
        _last = null;
    }

    /// <summary>Notes what an event says; false if that is nothing to show.</summary>
    private bool Take(RunEvent runEvent)
    {
        _count.Follow(runEvent);
        switch (runEvent)
        {
            case PhaseStarted phase:
                _status = phase.Phase;
                _lines.Remove(Build);
                break;
            case StepStarted { HostName: { } host } step:
                _lines[host] = new(step.Step.Name) { Limit = step.Step.WaitLimit, Since = clock.GetTimestamp() };
                break;
            case TransferProgressed { HostName: { } host } transfer:
                _lines[host] = new(string.Create(CultureInfo.InvariantCulture,
                    $"Transfer the image to the host: {transfer.Sent / 1e6:0.0} MB sent of at most {transfer.Total / 1e6:0.0} MB"))
                {
                    Percent = (int)(100 * Math.Min(transfer.Sent, transfer.Total) / Math.Max(1, transfer.Total)),
                };
                break;
            case HostCompleted { HostName: { } host } completed:
                _lines[host] = new(completed.Failed ? "failed" : "done") { IsDone = true };
                break;
            case HostFailed { HostName: { } host }:
                _lines[host] = new("failed") { IsDone = true };
                break;
            case LocalStarted local:
                _status = local.Command.Split('\n')[0];
                break;
            case OutputReceived { Source: Build } output when _build.Read(output.Line):
                _status = "Build the image";
                _lines[Build] = new(_build.Status) { Percent = _build.Percent };
                break;
            default:
                return false;
        }

        return true;
    }

    private void Write()
    {
        _last = clock.GetTimestamp();
        var run = Run();
        WriteChanged("", run.StatusDescription, run);
        foreach (var (name, line) in _lines)
        {
            if (_written.Count > MaxChildren && !_written.ContainsKey(name)) continue;
            var record = Record(name, line.Text(clock), ProgressRecordType.Processing);
            record.PercentComplete = line.IsDone ? 100 : line.Percent ?? -1;
            WriteChanged(name, record.StatusDescription, record);
        }

        foreach (var gone in _written.Keys.Where(name => name.Length > 0 && !_lines.ContainsKey(name)).ToList())
        {
            _written.Remove(gone);
            write(Record(gone, "done", ProgressRecordType.Completed));
        }
    }

    private void WriteChanged(string name, string status, ProgressRecord record)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{record.PercentComplete} {status}");
        if (_written.TryGetValue(name, out var before) && before == text) return;
        _written[name] = text;
        _mayBeUnseen = true;
        write(record);
    }

    private ProgressRecord Run()
    {
        var status = _count.Hosts is { } hosts ? $"{_status}: {hosts}" : _status.Length > 0 ? _status : "…";
        return new(ParentId, activity, status) { PercentComplete = _count.Percent };
    }

    private ProgressRecord Record(string name, string status, ProgressRecordType type)
    {
        if (!_ids.TryGetValue(name, out var id)) _ids[name] = id = ParentId + 1 + _ids.Count;
        return new(id, name, status) { ParentActivityId = ParentId, RecordType = type };
    }
}
