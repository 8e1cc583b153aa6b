namespace Kamal.Engine.Results;

/// <summary>A line that a container wrote.</summary>
/// <param name="Source">The role, the accessory, or <c>kamal-proxy</c>.</param>
/// <param name="Text">The line, without the timestamp.</param>
public sealed record KamalLogLine(string HostName, string Source, string Text)
{
    /// <summary>The role, for a line of the app.</summary>
    public string? Role { get; init; }

    /// <summary>The accessory, for a line of an accessory.</summary>
    public string? Accessory { get; init; }

    /// <summary>When it was written, or null without timestamps.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>The kind of the container that wrote it.</summary>
    public KamalContainerKind Kind => Accessory is not null ? KamalContainerKind.Accessory
        : Role is null && Source == "kamal-proxy" ? KamalContainerKind.Proxy
        : KamalContainerKind.App;

    /// <summary>The line as Docker printed it, including any timestamp.</summary>
    public string Line { get; init; } = "";

    /// <summary><see cref="Line"/>.</summary>
    public override string ToString() => Line;
}

/// <summary>A line of a host's audit log.</summary>
/// <param name="Message">What was done.</param>
public sealed record KamalAuditEntry(string HostName, string Message)
{
    /// <summary>When it was done, or null if the line does not contain a time.</summary>
    public DateTimeOffset? RecordedAt { get; init; }

    /// <summary>The person who did it.</summary>
    public string? Performer { get; init; }

    /// <summary>The role that it concerned, if any.</summary>
    public string? Role { get; init; }

    /// <summary>The destination, if the line contains it.</summary>
    public string? Destination { get; init; }

    /// <summary>The whole line.</summary>
    public string Text { get; init; } = "";

    /// <summary><see cref="Text"/>.</summary>
    public override string ToString() => Text;
}
