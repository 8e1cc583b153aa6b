using Kamal.Engine.Events;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary><c>kamal registry remove</c> and <c>logout</c>: logs out here and on the hosts, or removes the registry from this machine.</summary>
/// <param name="options">Where.</param>
public sealed class DisconnectRegistryOperation(RegistryOptions options) : IOperation<IReadOnlyList<KamalRegistrySession>>
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<KamalRegistrySession>> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken) =>
        new RegistrySessions(new OperationRun(context, sink, cancellationToken)).DisconnectAsync(options);
}
