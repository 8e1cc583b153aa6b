using Kamal.Engine.Commands;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>Removing what old versions left.</summary>
/// <param name="run">The operation.</param>
/// <param name="audit">The audit log.</param>
internal sealed class PruneSteps(OperationRun run, AuditCommands audit)
{
    private readonly PruneCommands _prune = new(run.Configuration);

    public IEnumerable<Step> Containers(int retain) =>
    [
        new("Record the pruning of containers", audit.Record("Pruned containers")),
        new("Prune containers", _prune.Containers(retain)),
    ];

    public IEnumerable<Step> Images() =>
    [
        new("Record the pruning of images", audit.Record("Pruned images")),
        new("Prune untagged images", _prune.DanglingImages()),
        new("Prune images of old versions", _prune.TaggedImages()),
    ];
}
