using System.Collections.Immutable;
using Kamal.Engine.Commands;
using Kamal.Engine.Events;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>Finds out on the hosts which version is meant, and goes on with it.</summary>
internal static class FindVersion
{
    /// <summary>What stands for the previous version until it is found, as in a preview.</summary>
    public const string PreviousPlaceholder = "previous";

    private const string Title = "Find the version";
    private const string TagsStep = "List the tags of the app's images";

    /// <summary>
    /// Phases for a version that was given. If it may be the beginning of a commit, the hosts are asked first: a version or a tag that
    /// is there as it was given is meant itself, and so is one that nothing there begins with. Others cost no round trip.
    /// </summary>
    public static ImmutableArray<Phase> Then(KamalContext context, string given, Func<KamalContext, IEnumerable<Phase>> phases)
    {
        if (!VersionName.IsPrefix(given)) return [.. phases(context.WithVersion(given))];
        var found = new Outcome<string>(given);
        var tags = new Step(TagsStep, new ImageCommands(context.Configuration).Tags())
        {
            Effect = StepEffect.ReadOnly, IgnoreFailure = true,
        };
        return
        [
            new HostPhase(Title, context.Selection.AppHosts, Steps.Of(host => [.. RoleContainer.Look(context, host), tags]))
            {
                Learn = (run, results) =>
                {
                    if (run.IsPreview) return;
                    var others = results.SelectMany(result => (result.Find(TagsStep)?.Output ?? "").Split('\n')).ToHashSet();
                    Tell(run, found, given, Choice(context, run, results).Expand(given, others) ?? given);
                },
            },
            new WithFoundVersion(context, found, phases),
        ];
    }

    /// <summary>
    /// The phases of a rollback, in one round trip with the look for containers that it needs anyway: to the version that was given or
    /// begins with what was given, or else to the one that served before.
    /// </summary>
    public static ImmutableArray<Phase> ForRollback(
        KamalContext context, string? given, Outcome<string> found, Func<KamalContext, IEnumerable<Phase>> phases)
    {
        if (given is not null && !VersionName.IsPrefix(given)) return [DeployPhases.LookForVersion(context), .. phases(context)];
        return
        [
            new HostPhase(given is null ? "Find the previous version" : "Look for the version's containers", context.Selection.AppHosts,
                Steps.Of(host => RoleContainer.Look(context, host)))
            {
                Learn = (run, results) =>
                {
                    if (run.IsPreview) return;
                    var choice = Choice(context, run, results);
                    var version = given is null ? choice.Previous() : choice.Present(given);
                    if (given is null) run.Sink.Inform($"Rolling back to {version}, which served before");
                    Tell(run, found, given ?? version, version);
                },
            },
            new WithFoundVersion(context, found, phases),
        ];
    }

    /// <summary>Adds to the error of a rollback to a version that is not there what there is instead.</summary>
    public static void ExplainMissing(KamalContext context, Run run, IReadOnlyList<ScriptResult> results)
    {
        try
        {
            Run.ThrowIfFailed("Look for the version's containers", results);
        }
        catch (KamalException error) when (error.Causes.All(cause => cause.Id == KamalErrorId.VersionNotFound))
        {
            // A host that has the version was not asked what else it has.
            var asked = results.Where(result => !result.Succeeded).ToList();
            throw Choice(context, run, asked).Explain(error);
        }
    }

    /// <summary>Each selected role on the hosts that were looked at.</summary>
    public static IReadOnlyList<RoleVersions> Read(KamalContext context, IReadOnlyList<ScriptResult> results) =>
    [
        .. from result in results
           let containers = RoleContainer.Read(context.Configuration, result).ToList()
           let runs = RoleContainer.History(result)
           from role in context.Selection.RolesOn(result.HostName)
           orderby role == context.Selection.PrimaryRole descending
           select new RoleVersions(
               result.HostName, role.Name, [.. containers.Where(container => container.Role == role.Name)], runs),
    ];

    private static VersionChoice Choice(KamalContext context, Run run, IReadOnlyList<ScriptResult> results) =>
        new(Read(context, results), run.Context.Clock.GetUtcNow());

    private static void Tell(Run run, Outcome<string> found, string given, string version)
    {
        if (version != given) run.Sink.Inform($"{given} is version {version}");
        run.Set(found, version);
    }
}

/// <summary>Phases of a version that is known only now. A view shows them with what stands for it.</summary>
internal sealed record WithFoundVersion(
    KamalContext Context, Outcome<string> Version, Func<KamalContext, IEnumerable<Phase>> Phases) : Phase("")
{
    public override Task RunAsync(Run run) => run.RunAsync([.. Phases(Context.WithVersion(run.Get(Version)))]);

    public override Task ShowAsync(Run run, PlanView view) => view.AddAsync(run, Phases(Context.WithVersion(Version.Initially)));
}
