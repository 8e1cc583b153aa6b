using System.Collections.Concurrent;
using System.Globalization;
using Kamal.Engine.Local;

namespace Kamal.Engine.Operations;

/// <summary>One attempt to take the deploy lock.</summary>
/// <param name="HostName">The host that holds it.</param>
/// <param name="Details">What the lock says of its owner.</param>
/// <param name="Nonce">What makes the lock this run's own: only a lock with it is released.</param>
internal sealed record LockClaim(string HostName, string Details, string Nonce)
{
    /// <summary>The nonces of this process's claims that are not over.</summary>
    private static readonly ConcurrentDictionary<string, bool> Standing = new();

    /// <summary>Whether the lock may be there: what takes it was sent, and was not answered with a refusal.</summary>
    public bool IsSent { get; private set; }

    /// <summary>Whether the host said that the lock is taken.</summary>
    public bool IsConfirmed { get; set; }

    /// <summary>Whether the lock was found to be gone, or another's.</summary>
    public bool IsLost { get; set; }

    /// <summary>A run of this process begins to claim the lock, until <see cref="End"/>.</summary>
    public static LockClaim Stand(LockClaim claim)
    {
        Standing[claim.Nonce] = true;
        return claim;
    }

    /// <summary>Whether a run of this process still claims the lock with that nonce.</summary>
    public static bool Stands(string nonce) => Standing.ContainsKey(nonce);

    /// <summary>What takes the lock is about to be sent to a host.</summary>
    public void NoteSending(string hostName) => IsSent |= hostName == HostName;

    /// <summary>The run is over, or does not get the lock.</summary>
    public void End() => Standing.TryRemove(Nonce, out _);

    /// <summary>
    /// What the details of a lock say besides what Kamal writes: who took it where and, if a run did, which process works under it.
    /// </summary>
    /// <param name="nonce">The claim's nonce.</param>
    /// <param name="isRun">Whether it is released at the end of this run, rather than by hand.</param>
    public static string[] Owner(string nonce, bool isRun)
    {
        List<string> lines = [$"Owner: {nonce}", $"User: {Environment.UserName} on {Environment.MachineName}"];
        if (isRun)
        {
            lines.Add(string.Create(CultureInfo.InvariantCulture,
                $"Process: {Environment.ProcessId} ({ThisProcess.Machine}-{ThisProcess.Start})"));
        }
        if (CiRun.Url(OperatorVariables.Read) is { } url) lines.Add($"Run: {url}");
        // A line break in a name or URL would begin a line of its own.
        return [.. lines.Select(line => line.ReplaceLineEndings(" "))];
    }
}
