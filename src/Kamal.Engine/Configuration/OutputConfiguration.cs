namespace Kamal.Engine.Configuration;

/// <summary>Where the record of a deploy goes besides the screen.</summary>
public sealed record OutputConfiguration
{
    /// <summary>The directory for one log file an operation, or null for none.</summary>
    public string? FilePath { get; init; }

    /// <summary>The endpoint of an OpenTelemetry collector (OTLP over HTTP), or null for none.</summary>
    public string? OtelEndpoint { get; init; }
}
