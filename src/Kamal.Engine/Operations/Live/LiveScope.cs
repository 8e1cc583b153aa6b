using System.Collections.Immutable;
using Kamal.Engine.Configuration;

namespace Kamal.Engine.Operations;

/// <summary>What of the hosts an operation is about, and is compared with the configuration.</summary>
/// <param name="App">Whether the app is.</param>
/// <param name="Accessories">Which accessories are.</param>
/// <param name="Proxy">Whether the proxy's own container is.</param>
internal sealed record LiveScope(bool App, ImmutableArray<AccessoryConfiguration> Accessories, bool Proxy)
{
    /// <summary>Whether the operation removes old containers.</summary>
    public bool Prunes { get; init; }

    /// <summary>The scope of an operation; null if there is nothing to compare for it.</summary>
    public static LiveScope? Of(PlanRequest request, KamalConfiguration configuration)
    {
        var all = configuration.Accessories;
        var some = AccessoryOperations.Match(configuration, request.Accessories);
        return request.Operation switch
        {
            PlannedOperation.Deploy or PlannedOperation.Setup => new(true, all, true) { Prunes = true },
            PlannedOperation.Redeploy or PlannedOperation.Rollback or PlannedOperation.AppBoot => new(true, all, true),
            PlannedOperation.AccessoryBoot or PlannedOperation.AccessoryReboot => new(false, some, false),
            PlannedOperation.ProxyBoot or PlannedOperation.ProxyReboot => new(false, [], true),
            _ => null,
        };
    }
}
