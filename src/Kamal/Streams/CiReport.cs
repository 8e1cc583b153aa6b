using System.Globalization;
using Kamal.Cmdlets;
using Kamal.Engine;
using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Output;
using Kamal.Engine.Results;
using Kamal.Engine.Secrets;

namespace Kamal.Streams;

/// <summary>
/// Tells the CI service that runs this process what a cmdlet does: masks, groups of lines, errors and warnings, progress, the job's
/// summary and outputs. Used on the pipeline thread.
/// </summary>
/// <param name="cmdlet">The cmdlet. Its events are safe to show.</param>
/// <param name="service">The service.</param>
/// <param name="secrets">The secrets known so far.</param>
/// <param name="masked">What is masked in this process already.</param>
internal sealed class CiReport(RunCmdlet cmdlet, CiService service, SecretRegister secrets, ISet<string> masked)
{
    private const int NamedHosts = 4;

    private readonly List<object> _results = [];
    private readonly List<KamalException> _errors = [];
    private TextWriter _output = TextWriter.Null;
    private string? _command;
    private KamalPlan? _plan;
    private bool _isGroupOpen;
    private bool _hasFailed;
    private int _phasesDone;
    private int? _known;

    /// <summary>Begins a run.</summary>
    /// <param name="command">Kamal's name for the command, or null if the run is not recorded.</param>
    /// <param name="output">Where the service reads commands.</param>
    public void Begin(string? command, TextWriter output)
    {
        (_command, _output, _plan, _phasesDone) = (command, output, null, 0);
        _results.Clear();
        _errors.Clear();
        Mask();
    }

    /// <summary>Follows an event, before it is written.</summary>
    public void Follow(RunEvent runEvent)
    {
        Mask();
        switch (runEvent)
        {
            case PlanMade made:
                _plan = made.Plan;
                break;
            case PlanShown shown:
                _plan = shown.Plan;
                break;
            case PhaseStarted phase when _command is not null:
                BeginGroup($"{phase.Phase}: {Names(phase.HostNames)}");
                break;
            case PhaseCompleted phase:
                EndGroup();
                Progress(++_phasesDone, phase.Phase);
                break;
            case OutputReceived { Source: "build" } when _command is not null && !_isGroupOpen:
                BeginGroup("Build the image");
                break;
            case StepCompleted step when _isGroupOpen:
                Show(step);
                break;
            case HostFailed failed:
                EndGroup();
                Fail(failed.Error);
                break;
            case MessageEmitted { Severity: MessageSeverity.Warning } warning when !cmdlet.IsSilenced("Warning"):
                Print(service.Issue(new(false, warning.Text)));
                break;
            case ResultProduced result:
                _results.Add(result.Result);
                break;
        }
    }

    /// <summary>Ends the run, and writes its summary and outputs if it is recorded.</summary>
    /// <param name="error">What ended it, or null.</param>
    public void End(KamalException? error)
    {
        try
        {
            Mask();
            EndGroup();
            // An error of a host has been reported, and may have ended the pipeline.
            var isCancelled = error?.Id == KamalErrorId.Cancelled && !_hasFailed;
            if (error is not null && (isCancelled || error is { Id: not KamalErrorId.Cancelled, Causes.IsEmpty: true }))
            {
                Fail(cmdlet.Guard.Error(error));
            }

            if (_command is null && _plan is null) return;
            var outcome = isCancelled ? "cancelled"
                : _hasFailed || error is not null ? "failed"
                : _command is null ? "previewed"
                : "succeeded";
            var versions = _results.OfType<KamalDeployResult>().Select(result => result.Version).Distinct().ToList();
            var version = versions is [var only] ? only : _plan?.Version;
            CiSummary summary = new(_command ?? cmdlet.ActivityName)
            {
                Plan = _plan, Version = version, Outcome = outcome, Results = _results, Errors = _errors,
            };
            Print(service.AddSummary(summary.Render()));
            if (_command is null) return;
            if (error is null) Print(service.Progress(100, _command));
            if (version is not null) Print(service.SetOutput("version", version));
            Print(service.SetOutput("outcome", outcome));
        }
        catch (Exception failure) when (OutputLoss.IsLoss(failure))
        {
            var reason = cmdlet.Guard.Line(failure.Message);
            cmdlet.Host?.UI?.WriteWarningLine($"The summary and the outputs of the CI job are incomplete: {reason}");
        }
    }

    /// <summary>Reports a problem of the configuration at its place in the file.</summary>
    public void Report(ConfigurationProblem problem)
    {
        var path = problem.Path.Length > 0 ? problem.Path + ": " : "";
        var suggestion = problem.Suggestion is { } closest ? $" (did you mean {closest}?)" : "";
        Print(service.Issue(new(!problem.IsWarning, $"{path}{problem.Message}{suggestion}")
        {
            Code = nameof(KamalErrorId.ConfigurationInvalid),
            File = problem.File.Length > 0 ? InRepository(problem.File) : null,
            Line = problem.Line,
            Column = problem.Column,
        }));
    }

    private void Fail(KamalException error)
    {
        _hasFailed = true;
        _errors.Add(error);
        if (cmdlet.IsSilenced("Error")) return;
        foreach (var problem in error.Problems) Report(problem);
        if (error.Problems.IsEmpty) Print(service.Issue(new(true, error.Message) { Code = error.Id.ToString() }));
    }

    /// <summary>Masks what has become known, before anything that may contain it is shown.</summary>
    private void Mask()
    {
        if (_known == secrets.Changes) return;
        _known = secrets.Changes;
        foreach (var mask in secrets.Masks())
        {
            if (masked.Add(mask)) Print(service.Mask(mask));
        }
    }

    private void BeginGroup(string title)
    {
        EndGroup();
        Print(service.BeginGroup(cmdlet.Guard.Line(title)));
        _isGroupOpen = true;
    }

    private void EndGroup()
    {
        if (_isGroupOpen) Print(service.EndGroup);
        _isGroupOpen = false;
    }

    private void Show(StepCompleted completed)
    {
        var result = completed.Result;
        if (result.Status is StepStatus.Skipped or StepStatus.Previewed) return;
        var host = completed.HostName is { } name ? $"[{name}] " : "";
        // Many steps only look for something, and end with 1 where there is nothing.
        var code = result.ExitCode == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"exit code {result.ExitCode}, ");
        Print(string.Create(CultureInfo.InvariantCulture, $"{host}{result.Step.Name} ({code}{result.Duration.TotalSeconds:0.0} s)"));
    }

    private static string Names(IReadOnlyList<string> hosts) => hosts.Count <= NamedHosts
        ? string.Join(", ", hosts)
        : string.Create(CultureInfo.InvariantCulture, $"{hosts.Count} hosts");

    private void Progress(int done, string phase)
    {
        if (_command is null || _plan is not { Phases.Length: > 0 and var all }) return;
        Print(service.Progress(Math.Min(99, 100 * done / all), phase));
    }

    private string InRepository(string file)
    {
        var full = Path.GetFullPath(file, cmdlet.SessionState.Path.CurrentFileSystemLocation.ProviderPath);
        var relative = service.Workspace is { Length: > 0 } workspace ? Path.GetRelativePath(workspace, full) : file;
        return (relative.StartsWith("..", StringComparison.Ordinal) ? file : relative).Replace('\\', '/');
    }

    /// <summary>
    /// Writes a line for the runner. It does not go through the host's user interface, which would write masks to a transcript.
    /// </summary>
    private void Print(string? line)
    {
        if (line is not null) _output.WriteLine(line);
    }
}
