using Kamal.Engine.Commands;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>What a run writes into the history of its hosts.</summary>
internal sealed class RunHistory(Run run)
{
    private readonly HashSet<string> _begun = [];
    private readonly string _name = HistoryListing.RunName(run.Context.Clock.GetUtcNow(), run.Context.UniqueHex(8));

    private string? _operation;
    private long _began;

    /// <summary>The hosts that have an entry of this run.</summary>
    public IReadOnlyList<string> Hosts => [.. _begun];

    private TimeSpan Duration => run.Context.Clock.GetElapsedTime(_began);

    /// <summary>The run is recorded from now on.</summary>
    /// <param name="operation">As what.</param>
    public void Start(string operation) => (_operation, _began) = (operation, run.Context.Clock.GetTimestamp());

    /// <summary>The commands that write about a context's app.</summary>
    public HistoryCommands Commands(KamalContext about) => new(about.Configuration, _name);

    /// <summary>Begins the entry on each host of the app that has none yet. No step if the run is not recorded.</summary>
    public static Steps Begin(KamalContext context) => new(async run =>
    {
        var history = run.History;
        if (history._operation is not { } operation) return _ => [];
        var performer = await run.PerformerAsync().ConfigureAwait(false);
        var machine = run.IsView ? "machine" : Environment.MachineName;
        var command = history.Commands(context).Begin(operation, context.Redact(performer), context.Redact(machine));
        var hosts = context.Selection.AppHosts.Where(history._begun.Add).ToHashSet();
        return host => hosts.Contains(host)
            ? [new Step("Begin the entry in the history", command) { IgnoreFailure = true, IsRecord = true }]
            : [];
    });

    /// <summary>Ends the entry of a host on which all went well.</summary>
    public static Steps Succeed(KamalContext context) => new(run =>
    {
        var history = run.History;
        var hosts = context.Selection.AppHosts.Where(history._begun.Contains).ToHashSet();
        var command = history.Commands(context).End(HistoryCommands.Succeeded, history.Duration);
        return Task.FromResult<Func<string, IEnumerable<Step>>>(host => hosts.Contains(host)
            ? [new Step("End the entry in the history", command) { IgnoreFailure = true, IsRecord = true }]
            : []);
    });

    /// <summary>The step that ends an entry of a run which failed or was stopped, unless that was before the entry began.</summary>
    public Step EndStep(KamalContext context, string outcome, string? cause) =>
        new("End the entry in the history", Commands(context).End(outcome, Duration, cause))
        {
            IsRecord = true, When = Commands(context).HasBegun(),
        };
}
