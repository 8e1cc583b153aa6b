namespace Kamal.Ssh.Connecting;

/// <summary>SSH.NET blocks threads of the pool while it logs in, and the pool adds threads slowly.</summary>
internal static class ThreadBudget
{
    private const int ForLogins = 48;
    private static readonly Lock Changing = new();

    /// <summary>Raises the pool's minimum for concurrent logins.</summary>
    public static void EnsureForLogins()
    {
        lock (Changing)
        {
            ThreadPool.GetMinThreads(out var workers, out var ports);
            if (workers < ForLogins) ThreadPool.SetMinThreads(ForLogins, ports);
        }
    }
}
