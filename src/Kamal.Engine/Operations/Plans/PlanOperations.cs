using System.Collections.Immutable;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary>What is to be planned.</summary>
/// <param name="Operation">The operation.</param>
public sealed record PlanRequest(PlannedOperation Operation)
{
    /// <summary>The version to roll back to.</summary>
    public string? RollbackVersion { get; init; }

    /// <summary>The names of accessories, for operations on accessories; empty for all.</summary>
    public IReadOnlyList<string> Accessories { get; init; } = [];

    /// <summary>The options of a deploy.</summary>
    public DeployOptions Deploy { get; init; } = new();

    /// <summary>Whether a reboot works on one host at a time.</summary>
    public bool Rolling { get; init; }

    /// <summary>Whether the hosts are compared with the configuration.</summary>
    public bool Live { get; init; }

    /// <summary>
    /// What is known beside the configuration, to look for orphans while the hosts are compared for a deploy; null to look for none.
    /// </summary>
    public OrphanSources? Orphans { get; init; }

    /// <summary>Whether the text lists each step with its command.</summary>
    public bool Detailed { get; init; }
}

/// <summary>An operation that can be planned.</summary>
public enum PlannedOperation
{
    /// <summary><c>Invoke-KamalDeploy</c>.</summary>
    Deploy,

    /// <summary><c>Invoke-KamalRedeploy</c>.</summary>
    Redeploy,

    /// <summary><c>Invoke-KamalRollback</c>.</summary>
    Rollback,

    /// <summary><c>Invoke-KamalSetup</c>.</summary>
    Setup,

    /// <summary><c>Remove-KamalDeployment</c>.</summary>
    Remove,

    /// <summary><c>Update-KamalDeployment</c>.</summary>
    Upgrade,

    /// <summary><c>Invoke-KamalPrune</c>.</summary>
    Prune,

    /// <summary><c>Invoke-KamalAppBoot</c>.</summary>
    AppBoot,

    /// <summary><c>Start-KamalApp</c>.</summary>
    AppStart,

    /// <summary><c>Stop-KamalApp</c>.</summary>
    AppStop,

    /// <summary><c>Remove-KamalApp</c>.</summary>
    AppRemove,

    /// <summary><c>Invoke-KamalAccessoryBoot</c>.</summary>
    AccessoryBoot,

    /// <summary><c>Invoke-KamalAccessoryReboot</c>.</summary>
    AccessoryReboot,

    /// <summary><c>Start-KamalAccessory</c>.</summary>
    AccessoryStart,

    /// <summary><c>Stop-KamalAccessory</c>.</summary>
    AccessoryStop,

    /// <summary><c>Remove-KamalAccessory</c>.</summary>
    AccessoryRemove,

    /// <summary><c>Invoke-KamalProxyBoot</c>.</summary>
    ProxyBoot,

    /// <summary><c>Invoke-KamalProxyReboot</c>.</summary>
    ProxyReboot,

    /// <summary><c>Remove-KamalProxy</c>.</summary>
    ProxyRemove,
}

/// <summary>Plans as records.</summary>
public static class PlanOperations
{
    /// <summary>
    /// The plan of an operation, built from the configuration. No host is reached and no secret is read, unless the hosts are compared.
    /// </summary>
    /// <param name="request">What is to be planned.</param>
    /// <exception cref="KamalException">When it runs: <see cref="KamalErrorId.OperationFailed"/>: a host could not be compared.</exception>
    public static Operation<KamalPlan> Describe(PlanRequest request) => Operation.Single<KamalPlan>(async (context, cancellationToken) =>
    {
        var stable = context with { UniqueHex = PlanView.Placeholder, Builds = () => BuiltImages.None };
        var plan = await PlanAsync(request, stable, cancellationToken).ConfigureAwait(false);
        var versioned = NamesVersion(request.Operation) ? await stable.VersionedAsync(cancellationToken).ConfigureAwait(false) : stable;
        if (request.Operation == PlannedOperation.Rollback)
        {
            versioned = stable.WithVersion(request.RollbackVersion ?? FindVersion.PreviousPlaceholder);
        }

        var changes = new Outcome<ImmutableArray<KamalPlanChange>>([]);
        var maintenance = new Outcome<ImmutableArray<string>>([]);
        var orphans = Orphans(request, context);
        var show = new LocalPhase(null, async run =>
        {
            var record = await PlanRecords.OfAsync($"{request.Operation}", plan, versioned, run.Cancellation).ConfigureAwait(false);
            run.Produce(record with
            {
                IsDetailed = request.Detailed,
                IsLive = request.Live,
                Changes = run.Get(changes),
                InMaintenance = run.Get(maintenance),
                UnknownHosts = [.. run.Participants.Skipped.Select(host => host.HostName).Distinct()],
                Orphans = orphans is null ? [] : run.Get(orphans.Found),
            });
        });
        if (!request.Live) return Plan.Of(show);
        var look = await LookAsync(request, context, changes, maintenance, orphans, cancellationToken).ConfigureAwait(false);
        return Plan.Of([.. orphans?.Warm() ?? [], look, .. orphans?.Rest() ?? [], show]);
    });

    /// <summary>The look for orphans, where the hosts are compared for all that the configuration has on them.</summary>
    private static OrphanLook? Orphans(PlanRequest request, KamalContext context) =>
        request is { Live: true, Orphans: { } sources } && NamesVersion(request.Operation) && context.Selection.SpecificRoles is null
            ? new(context, sources) : null;

    private static async Task<Phase> LookAsync(
        PlanRequest request, KamalContext context, Outcome<ImmutableArray<KamalPlanChange>> changes,
        Outcome<ImmutableArray<string>> maintenance, OrphanLook? orphans, CancellationToken cancellationToken)
    {
        if (request.Operation == PlannedOperation.Remove) return LiveRemoval.Phase(context, changes);
        if (LiveScope.Of(request, context.Configuration) is not { } scope)
        {
            throw new KamalException(KamalErrorId.ArgumentInvalid, $"There is nothing on the hosts to compare for {request.Operation}.")
            {
                Recommendation = "Compare for Deploy, AccessoryReboot or ProxyReboot instead.",
            };
        }

        var app = request.Operation switch
        {
            PlannedOperation.Rollback => context.WithVersion(request.RollbackVersion ?? throw NoVersion()),
            PlannedOperation.AppBoot => context.WithGivenOrLatestVersion(),
            _ when scope.App => await context.VersionedAsync(cancellationToken).ConfigureAwait(false),
            _ => context,
        };
        return LiveLook.Phase(app, scope, changes, maintenance, orphans);
    }

    private static bool NamesVersion(PlannedOperation operation) =>
        operation is PlannedOperation.Deploy or PlannedOperation.Redeploy or PlannedOperation.Setup;

    private static Task<Plan> PlanAsync(PlanRequest request, KamalContext context, CancellationToken cancellationToken)
    {
        var accessories = request.Accessories;
        Task<Plan> Of<T>(Operation<T> operation) => operation.PlanAsync(context, cancellationToken);
        // The cmdlets that remove accessories first look for who else uses them.
        async Task<Plan> AfterLook<T>(Operation<T> operation)
        {
            var look = await Of(AccessoryOperations.Shared(accessories, [])).ConfigureAwait(false);
            return Plan.Of([.. look.Phases, .. (await Of(operation).ConfigureAwait(false)).Phases]);
        }

        return request.Operation switch
        {
            PlannedOperation.Deploy => Of(DeployOperations.Deploy(request.Deploy)),
            PlannedOperation.Redeploy => Of(DeployOperations.Redeploy(request.Deploy)),
            PlannedOperation.Rollback => Of(DeployOperations.Rollback(request.RollbackVersion)),
            PlannedOperation.Setup => Of(DeployOperations.Setup(request.Deploy)),
            PlannedOperation.Remove => AfterLook(ServiceOperations.Remove()),
            PlannedOperation.Upgrade => Of(ServiceOperations.Upgrade(request.Rolling)),
            PlannedOperation.Prune => Of(PruneOperations.Prune(containers: true, images: true)),
            PlannedOperation.AppBoot => Of(DeployOperations.BootApp()),
            PlannedOperation.AppStart => Of(AppOperations.Start()),
            PlannedOperation.AppStop => Of(AppOperations.Stop()),
            PlannedOperation.AppRemove => Of(AppOperations.Remove()),
            PlannedOperation.AccessoryBoot => Of(AccessoryOperations.Boot(accessories)),
            PlannedOperation.AccessoryReboot => Of(AccessoryOperations.Reboot(accessories)),
            PlannedOperation.AccessoryStart => Of(AccessoryOperations.Start(accessories)),
            PlannedOperation.AccessoryStop => Of(AccessoryOperations.Stop(accessories)),
            PlannedOperation.AccessoryRemove => AfterLook(AccessoryOperations.Remove(accessories)),
            PlannedOperation.ProxyBoot => Of(ProxyOperations.Boot()),
            PlannedOperation.ProxyReboot => Of(ProxyOperations.Reboot(request.Rolling)),
            PlannedOperation.ProxyRemove => Of(ProxyOperations.Remove(force: false)),
            _ => throw new ArgumentOutOfRangeException(nameof(request)),
        };
    }

    private static KamalException NoVersion() => new(
        KamalErrorId.ArgumentInvalid, "To compare for a rollback, the version to roll back to is needed.")
    {
        Recommendation = "Specify it with -Version (--version).",
    };
}
