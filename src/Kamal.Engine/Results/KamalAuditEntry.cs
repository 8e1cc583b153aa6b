namespace Kamal.Engine.Results;

/// <summary>A line of a host's audit log.</summary>
/// <param name="HostName">The host.</param>
/// <param name="Message">What was done.</param>
public sealed record KamalAuditEntry(string HostName, string Message)
{
    /// <summary>When, or null if the line does not say.</summary>
    public DateTimeOffset? RecordedAt { get; init; }

    /// <summary>Who did it.</summary>
    public string? Performer { get; init; }

    /// <summary>The role, if it was about one.</summary>
    public string? Role { get; init; }

    /// <summary>The destination, if the log's line names it.</summary>
    public string? Destination { get; init; }

    /// <summary>The line itself.</summary>
    public string Text { get; init; } = "";
}
