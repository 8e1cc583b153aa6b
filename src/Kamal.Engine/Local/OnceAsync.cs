namespace Kamal.Engine.Local;

/// <summary>A value that is made when it is first wanted, once; a failure or cancellation leaves it to be made again.</summary>
/// <typeparam name="T">The value.</typeparam>
internal sealed class OnceAsync<T>
{
    private readonly Lock _lock = new();
    private Task<T>? _task;

    /// <summary>The value.</summary>
    /// <param name="cancellationToken">Stops making it, for everybody who waits; callers belong to one operation.</param>
    public Task<T> GetAsync(Func<CancellationToken, Task<T>> make, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_task is null or { IsFaulted: true } or { IsCanceled: true }) _task = make(cancellationToken);
            return _task;
        }
    }
}
