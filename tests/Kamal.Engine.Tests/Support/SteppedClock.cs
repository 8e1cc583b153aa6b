namespace Kamal.Engine.Tests.Support;

/// <summary>The system's time, with timers that fire when a test says so.</summary>
internal sealed class SteppedClock : TimeProvider
{
    private readonly List<Timer> _timers = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(callback, state);
        lock (_timers) _timers.Add(timer);
        return timer;
    }

    /// <summary>Fires the timers that have not ended, and lets them finish what they do.</summary>
    public async Task TickAsync()
    {
        List<Timer> due;
        lock (_timers) due = [.. _timers.Where(timer => !timer.HasEnded)];
        foreach (var timer in due) timer.Fire();
        await Task.Yield();
    }

    private sealed class Timer(TimerCallback callback, object? state) : ITimer
    {
        public bool HasEnded { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() => HasEnded = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
