namespace Kamal.Ssh.Connecting;

/// <summary>SSH.NET waits on threads of the pool while it logs in. The pool adds threads slowly unless it is told that they are needed.</summary>
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
}
