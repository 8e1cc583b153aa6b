using Kamal.Engine.Events;

namespace Kamal.Engine.Operations;

/// <summary>One of Kamal's commands as something that can be run, or previewed when the context's fleet is a preview.</summary>
/// <typeparam name="TResult">What it hands back; each of its records was also emitted as <see cref="ResultProduced"/> when it came.</typeparam>
public interface IOperation<TResult>
{
    /// <summary>Runs it.</summary>
    /// <param name="context">What it works with.</param>
    /// <param name="sink">Gets its events.</param>
    /// <param name="cancellationToken">Stops it; what it had begun is cleaned up before this ends.</param>
    /// <exception cref="KamalException">It failed; hosts' own errors were emitted before as <see cref="HostFailed"/>.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    Task<TResult> RunAsync(KamalContext context, IRunSink sink, CancellationToken cancellationToken);
}
