using Kamal.Engine.Commands;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Local;

namespace Kamal.Engine.Operations;

/// <summary>
/// A plan at work: runs its phases, and keeps what they find out. What is given and does not change is the <see cref="KamalContext"/>.
/// </summary>
internal sealed class Run(KamalContext context, IRunSink sink, CancellationToken cancellationToken)
{
    private readonly Dictionary<object, object?> _outcomes = [];
    private readonly List<object> _records = [];
    private bool _connected;

    public KamalContext Context => context;

    public IRunSink Sink => sink;

    public CancellationToken Cancellation => cancellationToken;

    public bool IsPreview => context.Fleet.IsPreview;

    /// <summary>Whether the run only renders a view, for which the content of files does not matter.</summary>
    public bool IsView { get; init; }

    /// <summary>What the operation returns, in the order in which it came.</summary>
    public IReadOnlyList<object> Records => _records;

    /// <summary>Whether this run, or the run that calls it by a hook, holds the deploy lock.</summary>
    public bool HoldsLock { get; set; } = context.Options.LockHeldByCaller;

    /// <summary>The attempt to take the deploy lock that is still to be released.</summary>
    public LockClaim? Claim { get; set; }

    /// <summary>Who runs the operation, once known.</summary>
    public string? Performer { get; set; }

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
            if (phase.When?.Holds(this) ?? true) await phase.RunAsync(this).ConfigureAwait(false);
        }
    }

    /// <summary>Hands a record to the pipeline, and keeps it as a result of the operation.</summary>
    public void Produce(object record, string? hostName = null)
    {
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
    public async Task<AuditCommands> AuditAsync(KamalContext about) =>
        new(about.Configuration, await PerformerAsync().ConfigureAwait(false), context.Clock.GetUtcNow(), context.Redact);

    /// <summary>Runs one script on each host and reports hosts that fail.</summary>
    /// <param name="phase">The phase's name.</param>
    /// <param name="hosts">The hosts.</param>
    /// <param name="stepsFor">The steps of a host.</param>
    /// <param name="sending">Called when a host's script is about to be sent.</param>
    public async Task<IReadOnlyList<ScriptResult>> TryAsync(
        string phase, IReadOnlyList<string> hosts, Func<string, IEnumerable<Step>> stepsFor, Action<string>? sending = null)
    {
        await ConnectAsync().ConfigureAwait(false);
        var results = await context.Fleet.RunAsync(
            phase, hosts, host => new HostScript(phase, [.. stepsFor(host)]) { Sending = () => sending?.Invoke(host) },
                cancellationToken).ConfigureAwait(false);
        Report(results);
        return results;
    }

    /// <summary>Runs one script on one host and reports its failure; null if it has no steps.</summary>
    /// <param name="host">The host.</param>
    /// <param name="script">The script.</param>
    /// <param name="explain">Adds to a failure what the script found out about it.</param>
    public async Task<ScriptResult?> ScriptAsync(string host, HostScript script, Func<ScriptResult, ScriptResult>? explain = null)
    {
        await ConnectAsync().ConfigureAwait(false);
        var results = await context.Fleet.RunAsync(script.Phase, [host], _ => script, cancellationToken).ConfigureAwait(false);
        if (explain is not null) results = [.. results.Select(explain)];
        Report(results);
        return results.Count > 0 ? results[0] : null;
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

    /// <summary>Ends the operation if a host failed.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.OperationFailed"/>: names the hosts.</exception>
    public static void ThrowIfFailed(string phase, IReadOnlyList<ScriptResult> results, int? exitCode = null) =>
        ThrowIfAny(phase, [.. results.Where(result => !result.Succeeded).Select(result => (result.HostName, result.Failure!))], exitCode);

    /// <summary>Reports what failed on hosts outside of a script, and then ends the operation if anything did.</summary>
    public void ThrowReported(string phase, IReadOnlyList<KamalException> failures, int? exitCode = null)
    {
        foreach (var failure in failures) sink.Emit(new HostFailed(failure) { HostName = failure.HostName });
        ThrowIfAny(phase, [.. failures.Select(failure => (failure.HostName ?? "this machine", failure))], exitCode);
    }

    private static void ThrowIfAny(string phase, IReadOnlyList<(string HostName, KamalException Error)> failures, int? exitCode)
    {
        if (failures.Count == 0) return;
        var hosts = string.Join(", ", failures.Select(failure => failure.HostName).Distinct());
        var only = failures.Count == 1 ? failures[0].Error : null;
        throw new KamalException(KamalErrorId.OperationFailed, $"{phase}: failed on {hosts}.{(only is null ? "" : " " + only.Message)}")
        {
            Causes = [.. failures.Select(failure => failure.Error)],
            HostName = only?.HostName,
            Role = only?.Role,
            ExitCode = exitCode,
            Cause = failures.Select(failure => failure.Error.Cause?.Name).Distinct().Count() == 1 ? failures[0].Error.Cause : null,
            Recommendation = failures[0].Error.Recommendation,
        };
    }

    private void Report(IReadOnlyList<ScriptResult> results)
    {
        foreach (var result in results)
        {
            if (result.Failure is { } failure) sink.Emit(new HostFailed(failure) { HostName = result.HostName });
        }
    }
}
