using System.Collections.Concurrent;
using Kamal.Engine.Local;

namespace Kamal.Engine.Tests.Local;

/// <summary>Listens to a process, on the thread that reports.</summary>
internal sealed class Lines : IProgress<LocalOutputLine>
{
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ConcurrentQueue<LocalOutputLine> All { get; } = new();

    public Task First => _first.Task;

    public void Report(LocalOutputLine value)
    {
        All.Enqueue(value);
        _first.TrySetResult();
    }
}
