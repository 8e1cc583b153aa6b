namespace Kamal.Adapters.Ssh;

/// <summary>
/// SSH.NET waits on threads of the pool: while it logs in, and for each connection through a jump host. The pool adds
/// threads slowly unless it is told that they are needed.
/// </summary>
internal static class ThreadBudget
{
    private const int ForLogins = 48;
    private static readonly Lock Changing = new();

    /// <summary>Provides for logins that go on at the same time.</summary>
    public static void EnsureForLogins()
    {
        lock (Changing)
        {
            ThreadPool.GetMinThreads(out var workers, out var ports);
            if (workers < ForLogins) ThreadPool.SetMinThreads(ForLogins, ports);
        }
    }

    /// <summary>Changes the number of threads that the pool provides at once.</summary>
    public static void Add(int count)
    {
        lock (Changing)
        {
            ThreadPool.GetMinThreads(out var workers, out var ports);
            ThreadPool.SetMinThreads(Math.Max(1, workers + count), ports);
        }
    }
}
