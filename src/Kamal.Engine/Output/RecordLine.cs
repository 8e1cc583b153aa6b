namespace Kamal.Engine.Output;

/// <summary>One line of a run's record.</summary>
/// <param name="Time">When it came.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Text">The line; holds no secret.</param>
public sealed record RecordLine(DateTimeOffset Time, RecordSeverity Severity, string Text)
{
    /// <summary>The host, or null for this machine.</summary>
    public string? HostName { get; init; }

    /// <summary><c>stdout</c> or <c>stderr</c> for what a program printed; else null.</summary>
    public string? Stream { get; init; }
}
