using System.Diagnostics.CodeAnalysis;

namespace Kamal.Ssh;

/// <summary>A lock that is waited for asynchronously. It needs no disposal, for objects that have no clear end.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A SemaphoreSlim whose wait handle is never used holds nothing to dispose of.")]
internal sealed class AsyncLock
{
    private readonly SemaphoreSlim _semaphore = new(1);

    public Task EnterAsync(CancellationToken cancellationToken) => _semaphore.WaitAsync(cancellationToken);

    public void Exit() => _semaphore.Release();
}
