using System.Collections.Immutable;
using Kamal.Engine.Events;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>What the app has left on hosts, and the configuration no longer has.</summary>
public static class OrphanOperations
{
    /// <summary>Finds it, in one round trip for each host. Hosts of earlier runs are asked too.</summary>
    /// <param name="sources">What is known beside the configuration.</param>
    public static Operation<IReadOnlyList<KamalOrphan>> Find(OrphanSources sources) => Operation.Of<KamalOrphan>(context =>
    {
        var look = new OrphanLook(context, sources);
        return Plan.Of([.. look.Phases(), new LocalPhase(null, run =>
        {
            foreach (var orphan in run.Get(look.Found)) run.Produce(orphan, orphan.HostName);
            return Task.CompletedTask;
        })]);
    });

    /// <summary>
    /// Removes orphans under the deploy lock, after another look at their hosts: what is configured or used by then stays, with a warning.
    /// </summary>
    /// <param name="orphans">What is to be removed.</param>
    /// <param name="sources">What is known beside the configuration.</param>
    public static Operation<IReadOnlyList<KamalHostResult>> Remove(IReadOnlyList<KamalOrphan> orphans, OrphanSources sources) =>
        Operation.Of<KamalHostResult>(context => Plan.Of(OrphanRemoval.Phases(context, [.. orphans], sources)));
}

/// <summary>Removes orphans.</summary>
internal static class OrphanRemoval
{
    private const string Title = "Remove orphans";

    public static ImmutableArray<Phase> Phases(KamalContext context, ImmutableArray<KamalOrphan> orphans, OrphanSources sources)
    {
        // A selection of hosts leaves out the orphans of all others.
        if (context.Selection.Hosts.Length < context.Configuration.AllHosts.Length)
        {
            orphans = [.. orphans.Where(orphan => context.Selection.Hosts.Contains(orphan.HostName))];
        }

        ImmutableArray<KamalOrphan> things = [.. orphans.Where(orphan => orphan.Kind != KamalOrphanKind.Host)];
        ImmutableArray<string> hosts = [.. things.Select(orphan => orphan.HostName).Distinct()];
        // Whether a former host is a configured one under another name shows only beside all of them.
        var isConfigured = hosts.All(context.Selection.Hosts.Contains);
        var look = new OrphanLook(isConfigured ? context.WithHosts(hosts) : context, sources);
        var forget = new LocalPhase(null, run =>
        {
            if (!run.IsPreview) foreach (var host in orphans.Except(things)) look.Forget(host.HostName);
            return Task.CompletedTask;
        });
        if (things.IsEmpty) return [forget];

        var confirmed = new Outcome<ImmutableArray<KamalOrphan>>(things);
        return UnderLock.Around(context,
        [
            .. look.Phases(),
            new LocalPhase(null, run =>
            {
                if (!run.IsPreview) run.Set(confirmed, Confirmed(run, things, run.Get(look.Found)));
                return Task.CompletedTask;
            }),
            new HostPhase(Title, hosts, Removing(context, confirmed))
            {
                Read = (run, results) => HostResults.Produce(run, Title, results),
            },
            forget,
        ]);
    }

    private static Steps Removing(KamalContext context, Outcome<ImmutableArray<KamalOrphan>> confirmed) => new(async run =>
    {
        var steps = new OrphanSteps(context.Configuration, await run.AuditAsync(context).ConfigureAwait(false));
        var now = run.Get(confirmed);
        return host => steps.Remove([.. now.Where(orphan => orphan.HostName == host)]);
    });

    /// <summary>Those that are still orphans.</summary>
    private static ImmutableArray<KamalOrphan> Confirmed(Run run, ImmutableArray<KamalOrphan> wanted, ImmutableArray<KamalOrphan> found)
    {
        foreach (var orphan in wanted.Where(one => !found.Any(its => IsSame(one, its))))
        {
            run.Sink.Warn($"{HostText.Quote(orphan.Name)} is no longer an orphan, so it is not removed.", orphan.HostName);
        }

        return [.. wanted.Where(one => found.Any(its => IsSame(one, its)))];
    }

    private static bool IsSame(KamalOrphan one, KamalOrphan other) =>
        (one.HostName, one.Kind, one.Name, one.Id) == (other.HostName, other.Kind, other.Name, other.Id);
}
