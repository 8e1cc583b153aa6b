using System.Collections.Immutable;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>Removes orphans of a host, in steps of one script.</summary>
internal sealed class OrphanSteps(KamalConfiguration configuration, AuditCommands audit)
{
    /// <summary>
    /// The steps. Containers are stopped first and removed after the files: their labels are the evidence by which the rest is found again
    /// if a step fails.
    /// </summary>
    /// <param name="orphans">The host's orphans.</param>
    public IEnumerable<Step> Remove(ImmutableArray<KamalOrphan> orphans)
    {
        if (orphans.IsEmpty) return [];
        ILookup<KamalOrphanKind, KamalOrphan> of = orphans.ToLookup(orphan => orphan.Kind);
        IEnumerable<Step> Each(KamalOrphanKind kind, string name, Func<KamalOrphan, ShellCommand> command) =>
            of[kind].Select(orphan => Named(name, orphan, command(orphan)));
        return
        [
            new("Record the removal", audit.Record($"Removed orphans: {string.Join(", ", orphans.Select(Named))}")),
            .. Each(KamalOrphanKind.Route, "Remove the route", orphan => ProxyCommands.Remove(orphan.Name)),
            .. Each(KamalOrphanKind.Container, "Stop the container", orphan => OrphanCommands.Stop(orphan.Id!).DiscardOutput()),
            .. Each(KamalOrphanKind.EnvFile, "Remove the environment file", RemovePath),
            .. Each(KamalOrphanKind.Assets, "Remove the assets", RemovePath),
            .. Each(KamalOrphanKind.Directory, "Remove the directory", RemovePath),
            .. Each(KamalOrphanKind.Lock, "Remove the deploy lock", RemovePath),
            .. Each(KamalOrphanKind.Data, "Remove the data directory", RemovePath).Select(step => step with
            {
                Recommendation =
                    "Its files may belong to other accounts. Remove the directory on the host as root, then run the command again.",
            }),
            .. Each(KamalOrphanKind.Container, "Remove the container", orphan =>
                OrphanCommands.RemoveContainer(orphan.Id!).DiscardOutput()),
            .. Each(KamalOrphanKind.Volume, "Remove the volume", orphan => OrphanCommands.RemoveVolume(orphan.Name).DiscardOutput()),
            .. Each(KamalOrphanKind.Image, "Remove the image", orphan => OrphanCommands.RemoveImage(orphan.Name).DiscardOutput()),
            .. of[KamalOrphanKind.Proxy].Any()
                ? new ProxySteps(configuration, audit).Remove().Select(step => step with { When = OrphanCommands.HasNoRoute() }) : [],
        ];
    }

    private static Step Named(string name, KamalOrphan orphan, ShellCommand command) =>
        new($"{name} {HostText.Quote(orphan.Name)}", command);

    private static string Named(KamalOrphan orphan) => $"{orphan.Word} {HostText.Quote(orphan.Name)}";

    private static ShellCommand RemovePath(KamalOrphan orphan) => OrphanCommands.RemovePath(orphan.Name);
}
