using Kamal.Engine.Events;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary><c>kamal app maintenance</c>: the proxy answers requests with 503 until the app is set live.</summary>
/// <param name="message">What its page says, or null for nothing more.</param>
/// <param name="drainTimeout">How long running requests may take; as configured, if null.</param>
public sealed class AppMaintenanceOperation(string? message, TimeSpan? drainTimeout = null) : IOperation<IReadOnlyList<KamalHostResult>>
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<KamalHostResult>> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken) =>
        AppPhase.UnderLockAsync(new(context, sink, cancellationToken), "Set the app to maintenance", context.Selection.ProxyHosts,
            (app, host) => app.Maintain(host, drainTimeout ?? context.Configuration.DrainTimeout, message));
}
