using Kamal.Engine.Commands;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>Removing what old versions left.</summary>
public static class PruneOperations
{
    /// <summary><c>kamal prune all, containers, images</c>.</summary>
    /// <param name="containers">Whether stopped containers are removed.</param>
    /// <param name="images">Whether images are removed that no container uses.</param>
    /// <param name="retain">How many stopped containers stay, at least 1; as configured, if null.</param>
    /// <param name="buildCache">Whether the build cache of each host's engine is removed, as far as nothing uses it.</param>
    public static Operation<IReadOnlyList<KamalHostResult>> Prune(
        bool containers, bool images, int? retain = null, bool buildCache = false) =>
        Operation.Of<KamalHostResult>(context =>
    {
        if (retain < 1) throw new KamalException(KamalErrorId.ArgumentInvalid, $"At least 1 container has to be retained, not {retain}.");
        string[] what = [.. containers ? ["containers"] : Array.Empty<string>(), .. images ? ["images"] : Array.Empty<string>(),
            .. buildCache ? ["the build cache"] : Array.Empty<string>()];
        var name = "Prune " + string.Join(" and ", what);
        return Plan.Of(UnderLock.Around(context, new HostPhase(name, context.Selection.Hosts,
            PruneSteps(context, containers, images, retain, buildCache))
        {
            Read = (run, results) => HostResults.Produce(run, name, results),
        }));
    });

    internal static Steps PruneSteps(KamalContext context, bool containers, bool images, int? retain = null, bool buildCache = false)
    {
        var prune = new PruneCommands(context.Configuration);
        return Steps.Audited(context, (audit, _) =>
        [
            .. containers ?
            [
                new("Record the pruning of containers", audit.Record("Pruned containers")),
                new("Prune containers", prune.Containers(retain ?? context.Configuration.RetainContainers)),
            ] : Array.Empty<Step>(),
            .. images ?
            [
                new("Record the pruning of images", audit.Record("Pruned images")),
                new("Prune untagged images", prune.DanglingImages()),
                new("Prune images of old versions", prune.TaggedImages()),
            ] : Array.Empty<Step>(),
            .. buildCache ?
            [
                new("Record the pruning of the build cache", audit.Record("Pruned the build cache")),
                new("Prune the build cache", PruneCommands.BuildCache()),
            ] : Array.Empty<Step>(),
        ]);
    }
}
