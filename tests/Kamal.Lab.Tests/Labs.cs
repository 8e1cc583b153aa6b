using System.Collections.Concurrent;

namespace Kamal.Lab.Tests;

/// <summary>
/// The labs of a run, which scenario classes take and return: one in this process's network, or as many as <c>KAMAL_LABS</c> says,
/// each in namespaces of its own.
/// </summary>
public sealed class Labs : IAsyncDisposable
{
    private static readonly int Count =
        int.TryParse(System.Environment.GetEnvironmentVariable("KAMAL_LABS"), out var count) ? count : 1;

    private readonly SemaphoreSlim _free = new(Count);
    private readonly ConcurrentBag<Lab> _idle = [];
    private readonly ConcurrentBag<Lab> _all = [];
    private int _made;
    private Exception? _failure;

    /// <summary>Waits for a lab that no other class uses. Its servers are up.</summary>
    internal async Task<Lab> TakeAsync()
    {
        await _free.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (_failure is not null) throw new InvalidOperationException("the lab did not come up for another class", _failure);
            if (_idle.TryTake(out var lab)) return lab;
            lab = new Lab(Count == 1 ? null : await Namespaces.CreateAsync(Interlocked.Increment(ref _made)));
            _all.Add(lab);
            await lab.UpAsync();
            return lab;
        }
        catch (Exception error)
        {
            _failure ??= error;
            _free.Release();
            throw;
        }
    }

    /// <summary>Lets another class use a lab.</summary>
    internal void Return(Lab lab)
    {
        _idle.Add(lab);
        _free.Release();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var lab in _all) await lab.DisposeAsync();
        _free.Dispose();
    }
}
