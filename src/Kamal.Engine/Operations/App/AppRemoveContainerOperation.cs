using Kamal.Engine.Configuration;
using Kamal.Engine.Events;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary><c>kamal app remove_container VERSION</c>: removes the stopped container of a version.</summary>
/// <param name="version">The version.</param>
public sealed class AppRemoveContainerOperation(string version) : IOperation<IReadOnlyList<KamalHostResult>>
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<KamalHostResult>> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken) =>
        AppPhase.UnderLockAsync(new(context, sink, cancellationToken), "Remove the app's container", context.Selection.AppHosts,
            (app, host) => app.RemoveContainer(host, GivenNames.Version(version)));
}
