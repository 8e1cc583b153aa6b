using System.Collections.Immutable;
using Kamal.Engine.Commands;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>
/// One script on each host, in one round trip. All hosts finish before the phase ends, and a host that fails ends the plan then.
/// </summary>
internal sealed record HostPhase(string Name, ImmutableArray<string> Hosts, params ImmutableArray<Steps> Parts) : Phase(Name)
{
    /// <summary>How long it may take to clean up on a host: the operator is waiting for the prompt.</summary>
    private static readonly TimeSpan CleanUpLimit = TimeSpan.FromSeconds(40);

    /// <summary>Narrows the hosts to those that an earlier phase found.</summary>
    public Outcome<IReadOnlyList<string>>? Among { get; init; }

    /// <summary>The deploy lock, if the round trip takes it as well.</summary>
    public DeployLock? Takes { get; init; }

    /// <summary>
    /// What follows on a host whose script is stopped in the middle. With it each host's script is a round trip of its own.
    /// </summary>
    public Func<Run, string, ScriptResult, IEnumerable<Step>>? AfterStop { get; init; }

    /// <summary>What is said after <see cref="AfterStop"/>: where it succeeded (nothing, if null), and where it failed.</summary>
    public (string? CleanedUp, string Failed) AfterStopTexts { get; init; } =
        ("what it had stopped is running again.", "what it had stopped may not be running:");

    /// <summary>Whether the plan goes on although a host has failed; otherwise it ends after this phase.</summary>
    public bool GoesOnAfterFailure { get; init; }

    /// <summary>Whether none of its hosts is left out if it cannot be reached, as the plan is about nothing else.</summary>
    public bool NeedsAllHosts { get; init; }

    /// <summary>Adds to a failure what the script found out about it, before it is reported.</summary>
    public Func<Run, ScriptResult, ScriptResult>? Explain { get; init; }

    /// <summary>Reads the results, also if hosts failed. It may throw, and what it does not throw for, the failed hosts still do.</summary>
    public Action<Run, IReadOnlyList<ScriptResult>>? Read { get; init; }

    /// <summary>The same where something has to be awaited.</summary>
    public Func<Run, IReadOnlyList<ScriptResult>, Task>? ReadAsync { get; init; }

    /// <summary>Reads the results once no failure has ended the plan.</summary>
    public Action<Run, IReadOnlyList<ScriptResult>>? Learn { get; init; }

    public override async Task RunAsync(Run run)
    {
        var hosts = Among is { } found ? [.. Hosts.Where(run.Get(found).Contains)] : Hosts;
        var stepsFor = await StepsAsync(run).ConfigureAwait(false);
        var claim = Takes is null ? null : await Takes.ClaimAsync(run, DeployLock.AutomaticMessage).ConfigureAwait(false);
        IEnumerable<Step> All(string host) =>
            [.. run.Participants.Include(host) ? stepsFor(host) : [], .. claim?.HostName == host ? Takes!.Steps(claim) : []];
        if (claim is not null) hosts = [.. hosts.Union([claim.HostName])];

        var all = AfterStop is null || run.IsPreview
            ? await run.TryAsync(Name, hosts, All, claim, Settled(run), NeedsAllHosts).ConfigureAwait(false)
            : await OnEachHostAsync(run, hosts, All).ConfigureAwait(false);
        IReadOnlyList<ScriptResult> results = [.. all.Where(result => run.Participants.Include(result.HostName))];
        Read?.Invoke(run, results);
        if (ReadAsync is not null) await ReadAsync(run, results).ConfigureAwait(false);
        var refused = Takes?.Observe(run, all);
        // Not the lock's own refusal, if it is what the whole script failed with.
        if (refused is { IsOver: false } && all.All(result => result.Failure != refused.Error)) throw refused.Error;
        if (!GoesOnAfterFailure) run.EndOrGoOn(Name, results);
        // Its host failed before it was taken and the others go on, or it can be taken over.
        if (refused is not null) await Takes!.AcquireAfterAsync(run, refused).ConfigureAwait(false);
        Learn?.Invoke(run, GoesOnAfterFailure ? results : [.. results.Where(result => result.Succeeded)]);
    }

    public override async Task ShowAsync(Run run, PlanView view)
    {
        run.ShowConnect(view);
        List<(Condition? When, Func<string, IEnumerable<Step>> StepsFor)> parts = [];
        foreach (var part in Parts) parts.Add((part.When, await part.TakeAsync(run).ConfigureAwait(false)));
        if (Takes is { } taken) parts.Add((null, host => host == taken.HostName ? taken.Steps(taken.ShownClaim(run)) : []));
        view.Add(Name, (Takes is null ? Hosts : [.. Hosts.Union([Takes.HostName])]).Select(host => Shown(host, parts)));
    }

    private ShownScript Shown(string host, List<(Condition? When, Func<string, IEnumerable<Step>> StepsFor)> parts)
    {
        var steps = parts.SelectMany(part => part.StepsFor(host).Select(step => (part.When, Step: step))).ToList();
        var shown = new ShownScript(host, new HostScript(Name, [.. steps.Select(item => item.Step)]));
        return shown with
        {
            Conditions = shown.Conditions.AddRange(steps.Where(item => item.When is not null)
                .Select(item => KeyValuePair.Create(item.Step, item.When!.Text))),
        };
    }

    private async Task<Func<string, IEnumerable<Step>>> StepsAsync(Run run)
    {
        List<Func<string, IEnumerable<Step>>> parts = [];
        foreach (var part in Parts)
        {
            if (part.When?.Holds(run) ?? true) parts.Add(await part.TakeAsync(run).ConfigureAwait(false));
        }

        return host => parts.SelectMany(part => part(host));
    }

    private async Task<IReadOnlyList<ScriptResult>> OnEachHostAsync(
        Run run, IEnumerable<string> hosts, Func<string, IEnumerable<Step>> stepsFor)
    {
        var work = Task.WhenAll(hosts.Where(run.Participants.Include).Select(host => OnHostAsync(run, host, stepsFor)));
        await ((Task)work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        run.ReportNoted();
        var results = await work.ConfigureAwait(false);
        return [.. results.OfType<ScriptResult>().Where(result => run.Participants.Include(result.HostName))];
    }

    private async Task<ScriptResult?> OnHostAsync(Run run, string host, Func<string, IEnumerable<Step>> stepsFor)
    {
        try
        {
            return await run.ScriptAsync(host, new HostScript(Name, [.. stepsFor(host)]), Explained(run)).ConfigureAwait(false);
        }
        catch (ScriptStoppedException stopped)
        {
            await CleanUpAsync(run, host, [.. AfterStop!(run, host, stopped.Result)]).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>A result without what the lock tells itself, and with what explains it.</summary>
    private Func<ScriptResult, ScriptResult> Settled(Run run) => result =>
    {
        var own = Takes is null ? result : Takes.WithoutOwnFailure(result);
        return Explain is null ? own : Explain(run, own);
    };

    private Func<ScriptResult, ScriptResult>? Explained(Run run) => Explain is { } explain ? result => explain(run, result) : null;

    private async Task CleanUpAsync(Run run, string host, ImmutableArray<Step> steps)
    {
        if (steps.IsEmpty) return;
        using var limit = new CancellationTokenSource(CleanUpLimit);
        try
        {
            var results = await run.Context.Fleet.RunAsync("Clean up", [host], _ =>
                new HostScript("Clean up", steps), limit.Token).ConfigureAwait(false);
            if (!results[0].Succeeded)
            {
                run.Sink.Warn($"'{Name}' was stopped, and {AfterStopTexts.Failed} {results[0].Failure!.Message}", host);
            }
            else if (AfterStopTexts.CleanedUp is { } text) run.Sink.Warn($"'{Name}' was stopped; {text}", host);
        }
        catch (OperationCanceledException)
        {
            run.Sink.Warn($"'{Name}' was stopped and the host did not answer in time: what runs there now is not known.", host);
        }
    }
}

/// <summary>Steps that make up a host's script, or a part of it.</summary>
/// <param name="TakeAsync">
/// Takes what is not taken before the phase begins (the time, secrets, files) and returns the function that renders a host's steps with it.
/// </param>
internal sealed record Steps(Func<Run, Task<Func<string, IEnumerable<Step>>>> TakeAsync)
{
    /// <summary>What must hold when the phase begins; otherwise the steps are left out. Always, if null.</summary>
    public Condition? When { get; init; }

    /// <summary>Steps that the configuration alone decides.</summary>
    public static Steps Of(Func<string, IEnumerable<Step>> stepsFor) => new(_ => Task.FromResult(stepsFor));

    /// <summary>Steps that write to the audit log.</summary>
    public static Steps Audited(KamalContext context, Func<AuditCommands, string, IEnumerable<Step>> stepsFor) => new(async run =>
    {
        var audit = await run.AuditAsync(context).ConfigureAwait(false);
        return host => stepsFor(audit, host);
    });

    /// <summary>The same steps on some hosts only.</summary>
    public Steps On(ImmutableArray<string> hosts) => new(async run =>
    {
        var stepsFor = await TakeAsync(run).ConfigureAwait(false);
        return host => hosts.Contains(host) ? stepsFor(host) : [];
    })
    {
        When = When,
    };
}
