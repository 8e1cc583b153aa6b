using System.Collections.Concurrent;

namespace Kamal.Engine.Hosts;

/// <summary>
/// Processes of a stopped script that could not be ended because the server allowed no second session. The next connection
/// ends them first, so that a cleanup does not run at the same time as the processes it cleans up after.
/// </summary>
internal sealed class Leftovers(TimeProvider clock)
{
    // A process group ID may be reused later.
    private static readonly TimeSpan Validity = TimeSpan.FromMinutes(1);

    private readonly ConcurrentQueue<(int Group, long Since)> _groups = [];

    /// <summary>Adds a process group that may still be running.</summary>
    public void Add(int group) => _groups.Enqueue((group, clock.GetTimestamp()));

    /// <summary>Ends the process groups over a new connection.</summary>
    public async Task EndAsync(IHostConnection connection)
    {
        while (_groups.TryDequeue(out var left))
        {
            if (clock.GetElapsedTime(left.Since) < Validity) await ProcessGroup.EndAsync(connection, left.Group, Task.CompletedTask)
                .ConfigureAwait(false);
        }
    }
}
