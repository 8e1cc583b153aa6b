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
