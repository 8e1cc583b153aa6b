namespace Kamal.Engine.Results;

/// <summary>The deploy lock.</summary>
/// <param name="HostName">The host that stores it.</param>
/// <param name="IsHeld">Whether the lock is held.</param>
public sealed record KamalLock(string HostName, bool IsHeld)
{
    /// <summary>Who holds it.</summary>
    public string? LockedBy { get; init; }

    /// <summary>When it was acquired, or null if the lock does not contain a time.</summary>
    public DateTimeOffset? LockedAt { get; init; }

    /// <summary>The version that is being deployed.</summary>
    public string? Version { get; init; }

    /// <summary>Why.</summary>
    public string? Message { get; init; }

    /// <summary>What tells this lock from every other one, for <c>Unlock-KamalDeployment -Owner</c>; null for a lock of Kamal's.</summary>
    public string? Owner { get; init; }

    /// <summary>The account that took it, on <see cref="MachineName"/>; null for a lock of Kamal's.</summary>
    public string? UserName { get; init; }

    /// <summary>The machine on which it was taken; null for a lock of Kamal's.</summary>
    public string? MachineName { get; init; }

    /// <summary>The process of the run that holds it; null for a lock of Kamal's, and for one that was taken by hand.</summary>
    public int? ProcessId { get; init; }

    /// <summary>The page of the CI run that took it, if one did.</summary>
    public string? RunUrl { get; init; }

    /// <summary>
    /// The last sign of life of the run that holds it, by this machine's clock. A run gives one every 20 seconds, and a lock that was taken
    /// by hand none.
    /// </summary>
    public DateTimeOffset? Heartbeat { get; init; }

    /// <summary>
    /// Whether the run that took it is over or gives no sign of life any more. Always false for locks of Kamal's and for those that were
    /// taken by hand: nothing shows whether anyone still needs them.
    /// </summary>
    public bool IsStale { get; init; }

    /// <summary>Why it counts as stale; null if it does not.</summary>
    public string? StaleReason { get; init; }

    /// <summary>The details of the lock, as Kamal prints them.</summary>
    public string Text { get; init; } = "";

    /// <summary>Who holds the lock and why, or that it is not held.</summary>
    public override string ToString() => IsHeld
        ? $"Held by {LockedBy ?? "an unknown account"}{(Message is { Length: > 0 } why ? $": {why}" : "")}"
        : "Not held";
}
