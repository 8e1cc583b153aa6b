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
    public static Operation<IReadOnlyList<KamalHostResult>> Prune(bool containers, bool images, int? retain = null) =>
        Operation.Of<KamalHostResult>(context =>
    {
        if (retain < 1) throw new KamalException(KamalErrorId.ArgumentInvalid, $"At least 1 container has to be retained, not {retain}.");
        var name = containers && images ? "Prune containers and images" : containers ? "Prune containers" : "Prune images";
        return Plan.Of(UnderLock.Around(context, new HostPhase(name, context.Selection.Hosts,
            PruneSteps(context, containers, images, retain))
        {
            Read = (run, results) => HostResults.Produce(run, name, results),
        }));
    });

    internal static Steps PruneSteps(KamalContext context, bool containers, bool images, int? retain = null)
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
        ]);
    }
}
