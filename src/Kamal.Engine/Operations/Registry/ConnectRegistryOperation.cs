using Kamal.Engine.Events;
using Kamal.Engine.Results;

namespace Kamal.Engine.Operations;

/// <summary><c>kamal registry setup</c> and <c>login</c>: logs in here and on the hosts, or starts the registry on this machine.</summary>
/// <param name="options">Where.</param>
public sealed class ConnectRegistryOperation(RegistryOptions options) : IOperation<IReadOnlyList<KamalRegistrySession>>
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<KamalRegistrySession>> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken) =>
        new RegistrySessions(new OperationRun(context, sink, cancellationToken)).ConnectAsync(options);
}
