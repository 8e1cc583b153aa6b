using System.Collections.Immutable;
using Kamal.Engine.Commands;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>
/// Phases that are a deploy in the history of the hosts: who ran it, from where, when, and how it ended. Beginning and end are steps of
/// round trips that the phases need anyway; only a run that fails or is stopped has one more.
/// </summary>
/// <param name="Context">The context, with the version.</param>
/// <param name="Operation">What it is in the history.</param>
/// <param name="Inner">The phases.</param>
internal sealed record Recorded(KamalContext Context, string Operation, ImmutableArray<Phase> Inner)
    : Bracket($"Record the {Operation}", Inner)
{
    /// <summary>The name of a rollback in the history, which takes back what was deployed since.</summary>
    public const string Rollback = "rollback";

    private const string EndTitle = "End the entry in the history";

    /// <summary>How long a host may take to note the end: the operator is waiting for the error.</summary>
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(5);

    public override async Task RunAsync(Run run)
    {
        run.History.Start(Operation);
        try
        {
            await run.RunAsync(Phases).ConfigureAwait(false);
        }
        catch (KamalException failed)
        {
            await EndAsync(run, HistoryCommands.Failed, failed.Cause?.Name.ToString() ?? failed.Id.ToString()).ConfigureAwait(false);
            throw;
        }
        catch (OperationCanceledException)
        {
            await EndAsync(run, HistoryCommands.Interrupted, null).ConfigureAwait(false);
            throw;
        }
    }

    public override Task ShowAsync(Run run, PlanView view)
    {
        run.History.Start(Operation);
        return base.ShowAsync(run, view);
    }

    /// <summary>Where this cannot be noted, the entry has no end, and the history says so.</summary>
    private async Task EndAsync(Run run, string outcome, string? cause)
    {
        if (run.IsPreview || run.History.Hosts is not { Count: > 0 } hosts) return;
        using var limit = new CancellationTokenSource(EndLimit);
        try
        {
            await run.Context.Fleet.RunAsync(EndTitle, hosts,
                _ => new HostScript(EndTitle, [run.History.EndStep(Context, outcome, cause)]), limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            run.Sink.Detail($"A host did not note the end of the {Operation} in time.");
        }
    }
}
