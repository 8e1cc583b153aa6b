using System.Collections.Concurrent;
using Kamal.Engine.Commands;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Local;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>
/// A plan at work: runs its phases, and keeps what they find out. What is given and does not change is the <see cref="KamalContext"/>.
/// </summary>
internal sealed class Run(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
{
    private readonly Dictionary<object, object?> _outcomes = [];
    private readonly List<object> _records = [];
    private readonly ConcurrentQueue<KamalException> _noted = new();
    private bool _connected;

    /// <summary>Awaited after each phase: where tests stop a run to kill it. Null otherwise.</summary>
    internal static Func<Phase, CancellationToken, Task>? AfterPhase { get; set; }

    public KamalContext Context => context;

    public IRunSink Sink => sink;

    public CancellationToken Cancellation => cancellationToken;

    public bool IsPreview => context.Fleet.IsPreview;

    /// <summary>Whether the run only renders a view, for which the content of files does not matter.</summary>
    public bool IsView { get; init; }

    /// <summary>The plan, if it is only previewed.</summary>
    public KamalPlan? Preview { get; set; }

    /// <summary>The hosts that take part.</summary>
    public Participants Participants { get; init; } = new(FleetPolicy.OfAnyOperation(context), context.Selection.Hosts);

    /// <summary>The error that sums up what hosts failed with, if the plan went on without them; see <see cref="Failure"/>.</summary>
    public Func<KamalException>? Summary { get; set; }

    /// <summary>What the operation returns, in the order in which it came.</summary>
    public IReadOnlyList<object> Records => _records;

    /// <summary>Whether the run has reached the point where containers of the app are replaced.</summary>
    public bool MayHaveReplaced { get; set; }

    /// <summary>Whether this run, or the run that calls it by a hook, holds the deploy lock.</summary>
    public bool HoldsLock { get; set; } = context.Options.LockHeldByCaller;

    /// <summary>The attempt to take the deploy lock that is still to be released.</summary>
    public LockClaim? Claim { get; set; }

    /// <summary>Who runs the operation, once known.</summary>
    public string? Performer { get; set; }

    /// <summary>What it writes into the hosts' history.</summary>
    public RunHistory History => field ??= new(this);

    /// <summary>Failures of secrets that the run has warned of.</summary>
    public HashSet<KamalException> FailedSecrets { get; } = [];

    /// <summary>Who has logged in to which registry: hosts, and this machine with an empty name.</summary>
    public HashSet<(string HostName, string? Server)> LoggedIn { get; } = [];

    public T Get<T>(Outcome<T> outcome) => _outcomes.TryGetValue(outcome, out var known) ? (T)known! : outcome.Initially;

    public void Set<T>(Outcome<T> outcome, T value) => _outcomes[outcome] = value;

    /// <summary>Runs phases in order, except those whose condition does not hold.</summary>
    public async Task RunAsync(IEnumerable<Phase> phases)
    {
        foreach (var phase in phases)
        {
            if (!(phase.When?.Holds(this) ?? true)) continue;
            await phase.RunAsync(this).ConfigureAwait(false);
            if (AfterPhase is { } boundary && phase is not Bracket) await boundary(phase, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Hands a record to the pipeline, and keeps it as a result of the operation.</summary>
    public void Produce(object record, string? hostName = null)
    {
        if (Preview is { } plan) record = PlanRecords.WithSteps(plan, record);
        Keep(record);
        sink.Emit(new ResultProduced(record) { HostName = hostName });
    }

    /// <summary>Keeps a record as a result of the operation.</summary>
    public void Keep(object record) => _records.Add(record);

    /// <summary>Git's email, or else the account on this machine.</summary>
    public async Task<string> PerformerAsync()
    {
        if (Performer is { } known) return known;
        var email = await context.Git.EmailAsync(cancellationToken).ConfigureAwait(false);
        return Performer = email.Length > 0 ? email : Environment.UserName;
    }

    /// <summary>The audit log's commands, stamped with the current time.</summary>
    public async Task<AuditCommands> AuditAsync(KamalContext about)
    {
        await PerformerAsync().ConfigureAwait(false);
        return AuditNow(about);
    }

    /// <summary>The same where it is known already who runs the operation, as after a stop.</summary>
    public AuditCommands AuditNow(KamalContext about) =>
        new(about.Configuration, Performer ?? Environment.UserName, context.Clock.GetUtcNow(), context.Redact);

    /// <summary>Runs one script on each host that takes part, and reports hosts that fail.</summary>
    /// <param name="phase">The phase's name.</param>
    /// <param name="hosts">The hosts.</param>
    /// <param name="stepsFor">The steps of a host.</param>
    /// <param name="claim">The lock that one of the scripts takes, on a host that need not take part.</param>
    /// <param name="settle">Takes out of a result what is told elsewhere, and adds what explains it.</param>
    /// <param name="needsAll">Whether no host is left out if it cannot be reached.</param>
    /// <returns>The results, without those of hosts that are skipped; the one that takes the lock is always there.</returns>
    public async Task<IReadOnlyList<ScriptResult>> TryAsync(
        string phase, IReadOnlyList<string> hosts, Func<string, IEnumerable<Step>> stepsFor, LockClaim? claim = null,
        Func<ScriptResult, ScriptResult>? settle = null, bool needsAll = false)
    {
        await ConnectAsync().ConfigureAwait(false);
        bool TakesLock(string host) => host == claim?.HostName;
        var results = await context.Fleet.RunAsync(
            phase, [.. hosts.Where(host => Participants.Include(host) || TakesLock(host))],
            host => new HostScript(phase, [.. stepsFor(host)]) { Sending = () => claim?.NoteSending(host) },
            cancellationToken).ConfigureAwait(false);
        if (settle is not null) results = [.. results.Select(settle)];
        if (needsAll) Report(results.Select(result => result.Failure).OfType<KamalException>());
        else Report(phase, results);
        return [.. results.Where(result => Participants.Include(result.HostName) || TakesLock(result.HostName))];
    }

    /// <summary>
    /// Runs one script on one host, and notes its failure for <see cref="ReportNoted"/>; null if it has no steps. For hosts side by side.
    /// </summary>
    /// <param name="host">The host.</param>
    /// <param name="script">The script.</param>
    /// <param name="explain">Adds to a failure what the script found out about it.</param>
    public async Task<ScriptResult?> ScriptAsync(string host, HostScript script, Func<ScriptResult, ScriptResult>? explain = null)
    {
        await ConnectAsync().ConfigureAwait(false);
        var results = await context.Fleet.RunAsync(script.Phase, [host], _ => script, cancellationToken).ConfigureAwait(false);
        if (explain is not null) results = [.. results.Select(explain)];
        if (results.Count == 0) return null;
        if (!Skips(script.Phase, results[0]) && results[0].Failure is { } failure) _noted.Enqueue(failure);
        return results[0];
    }

    /// <summary>Reports the failures of hosts that worked side by side, once all of them are done.</summary>
    public void ReportNoted()
    {
        List<KamalException> failures = [];
        while (_noted.TryDequeue(out var failure)) failures.Add(failure);
        Report(failures);
    }

    /// <summary>
    /// Runs the pre-connect hook before anything reaches a host. It gets the version that was given or is checked out, also if the
    /// operation is about another one.
    /// </summary>
    public async Task ConnectAsync()
    {
        if (_connected) return;
        _connected = true;
        await new HookRunner(this, context).RunAsync("pre-connect", withSecrets: true).ConfigureAwait(false);
    }

    /// <summary>Shows the pre-connect hook where <see cref="ConnectAsync"/> would run it.</summary>
    public void ShowConnect(PlanView view)
    {
        if (_connected) return;
        _connected = true;
        if (HookRunner.Has(context, "pre-connect")) view.Add(HookPhase.Title("pre-connect"));
    }

    /// <summary>Runs a program on this machine.</summary>
    public async Task<LocalResult> LocalAsync(LocalCommand command, IProgress<LocalOutputLine>? lines = null)
    {
        var preview = IsPreview && command.Effect == StepEffect.Mutating;
        sink.Emit(preview ? new LocalPreviewed(command.Display) : new LocalStarted(command.Display));
        var placed = command.WorkingDirectory is null
            ? command with { WorkingDirectory = context.Configuration.ProjectDirectory }
            : command;
        return await context.Local.RunAsync(placed, lines, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the operation if hosts failed, unless the policy lets the others go on.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.OperationFailed"/>: names the hosts.</exception>
    public void EndOrGoOn(string phase, IReadOnlyList<ScriptResult> results)
    {
        Participants.Fail(phase, results);
        if (!Participants.MayGoOn && Failure() is { } failure) throw failure;
    }

    /// <summary>The error of the hosts that failed or, if none is left, of those that were skipped; null if there is none.</summary>
    public KamalException? Failure()
    {
        if (Participants.Failed.Count > 0 && Summary is { } summary) return summary();
        var left = Participants.Failed.Count > 0 ? Participants.Failed : Participants.AreAllSkipped ? Participants.Skipped : [];
        var phases = left.GroupBy(host => host.Phase).Select(group =>
            Sum(group.Key, [.. group.Select(host => (host.HostName, host.Error))], null)).ToList();
        return phases.Count <= 1 ? phases.FirstOrDefault() : new(KamalErrorId.OperationFailed,
            string.Join(' ', phases.Select(phase => phase.Message)))
        {
            Causes = [.. phases.SelectMany(phase => phase.Causes)],
            Recommendation = phases[0].Recommendation,
        };
    }

    /// <summary>Ends the operation if a host failed.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.OperationFailed"/>: names the hosts.</exception>
    public static void ThrowIfFailed(string phase, IReadOnlyList<ScriptResult> results, int? exitCode = null) =>
        ThrowIfAny(phase, [.. results.Where(result => !result.Succeeded).Select(result => (result.HostName, result.Failure!))], exitCode);

    /// <summary>Reports what failed on hosts outside of a script, and then ends the operation if anything did.</summary>
    public void ThrowReported(string phase, IReadOnlyList<KamalException> failures, int? exitCode = null)
    {
        foreach (var failure in HostErrors.Fold(failures)) sink.Emit(new HostFailed(failure) { HostName = failure.HostName });
        ThrowIfAny(phase, [.. failures.Select(failure => (failure.HostName ?? "this machine", failure))], exitCode);
    }

    private static void ThrowIfAny(string phase, IReadOnlyList<(string HostName, KamalException Error)> failures, int? exitCode)
    {
        if (failures.Count > 0) throw Sum(phase, failures, exitCode);
    }

    /// <summary>Whether a host is left out because it cannot be reached for work outside of a script.</summary>
    public bool LeavesOut(string phase, string hostName, KamalException error) =>
        Skips(phase, new ScriptResult(hostName, new(phase, []), []) { Failure = error });

    private static KamalException Sum(string phase, IReadOnlyList<(string HostName, KamalException Error)> failures, int? exitCode)
    {
        var hosts = string.Join(", ", failures.Select(failure => failure.HostName).Distinct());
        var only = failures.Count == 1 ? failures[0].Error : null;
        return new KamalException(KamalErrorId.OperationFailed, $"{phase}: failed on {hosts}.{(only is null ? "" : " " + only.Message)}")
        {
            Causes = [.. failures.Select(failure => failure.Error)],
            HostName = only?.HostName,
            Role = only?.Role,
            ExitCode = exitCode,
            Cause = failures.Select(failure => failure.Error.Cause?.Name).Distinct().Count() == 1 ? failures[0].Error.Cause : null,
            Recommendation = failures[0].Error.Recommendation,
        };
    }

    private void Report(string phase, IReadOnlyList<ScriptResult> results) =>
        Report(results.Where(result => !Skips(phase, result)).Select(result => result.Failure).OfType<KamalException>().ToList());

    private void Report(IEnumerable<KamalException> failures)
    {
        foreach (var failure in HostErrors.Fold(failures)) sink.Emit(new HostFailed(failure) { HostName = failure.HostName });
    }

    /// <summary>Whether a host is left out because it cannot be reached, of which a warning is emitted.</summary>
    private bool Skips(string phase, ScriptResult result)
    {
        if (!Participants.Skip(phase, result)) return false;
        sink.Warn($"The host is left out: {result.Failure!.Message}", result.HostName);
        return true;
    }
}
