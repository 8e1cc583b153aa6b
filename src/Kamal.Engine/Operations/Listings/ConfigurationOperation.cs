using Kamal.Engine.Configuration;
using Kamal.Engine.Events;

namespace Kamal.Engine.Operations;

/// <summary><c>kamal config</c>: the resolved configuration with its version. Reaches no host.</summary>
public sealed class ConfigurationOperation : IOperation<KamalConfiguration>
{
    /// <inheritdoc/>
    public async Task<KamalConfiguration> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken) =>
        (await new OperationRun(context, sink, cancellationToken).WithResolvedVersionAsync().ConfigureAwait(false)).Configuration;
}
