using System.Diagnostics.CodeAnalysis;

namespace Kamal.Adapters.Ssh;

/// <summary>A semaphore that needs no disposal, for objects that have no clear end.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A SemaphoreSlim whose wait handle is never used holds nothing to dispose of.")]
internal sealed class Turnstile(int initial)
{
    private readonly SemaphoreSlim _semaphore = new(initial);

    public Task PassAsync(CancellationToken cancellationToken) => _semaphore.WaitAsync(cancellationToken);

    public void Release() => _semaphore.Release();
}
