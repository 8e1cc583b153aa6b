namespace Kamal.Engine.Local;

/// <summary>A lazily created value. After a failure or cancellation it is created again.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
internal sealed class OnceAsync<T>
{
    private readonly Lock _lock = new();
    private Task<T>? _task;

    /// <summary>The value.</summary>
    /// <param name="cancellationToken">Stops creating it, for all callers; they belong to one operation.</param>
    public Task<T> GetAsync(Func<CancellationToken, Task<T>> make, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_task is null or { IsFaulted: true } or { IsCanceled: true }) _task = make(cancellationToken);
            return _task;
        }
    }
}
