using System.Collections.Concurrent;

namespace Kamal.Engine.Hosts;

/// <summary>
/// Processes on a host whose script was stopped and that could not be ended, because the server allowed no second session: the next
/// connection ends them before anything else, so that what cleans up does not run beside what it cleans up after.
/// </summary>
internal sealed class Leftovers(TimeProvider clock)
{
    // A number is given to another process some day.
    private static readonly TimeSpan Validity = TimeSpan.FromMinutes(1);

    private readonly ConcurrentQueue<(int Group, long Since)> _groups = [];

    /// <summary>Notes a process group that may still run.</summary>
    public void Add(int group) => _groups.Enqueue((group, clock.GetTimestamp()));

    /// <summary>Ends them, over a new connection.</summary>
    public async Task EndAsync(IHostConnection connection)
    {
        while (_groups.TryDequeue(out var left))
        {
            if (clock.GetElapsedTime(left.Since) < Validity) await ProcessGroup.EndAsync(connection, left.Group, Task.CompletedTask).ConfigureAwait(false);
        }
    }
}
