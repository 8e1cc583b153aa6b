namespace Kamal.Engine.Results;

/// <summary>A line that a container wrote.</summary>
/// <param name="HostName">The host.</param>
/// <param name="Source">What wrote it: the role, the accessory, or <c>kamal-proxy</c>.</param>
/// <param name="Text">The line, without its time.</param>
public sealed record KamalLogLine(string HostName, string Source, string Text)
{
    /// <summary>The role, for a line of the app.</summary>
    public string? Role { get; init; }

    /// <summary>The accessory, for a line of one.</summary>
    public string? Accessory { get; init; }

    /// <summary>When it was written; null where times were not asked for.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>The line as Docker printed it, with its time if it was asked for.</summary>
    public string Line { get; init; } = "";
}

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
