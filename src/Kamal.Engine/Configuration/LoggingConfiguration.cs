using System.Collections.Immutable;

namespace Kamal.Engine.Configuration;

/// <summary>Docker's logging of a container.</summary>
public sealed record LoggingConfiguration
{
    /// <summary>Where the file says nothing: no driver, no options (<c>max-size=10m</c> is then used).</summary>
    public static LoggingConfiguration Default { get; } = new();

    /// <summary>The log driver, or null for the engine's default.</summary>
    public string? Driver { get; init; }

    /// <summary>The driver's options.</summary>
    public ImmutableArray<EnvVariable> Options { get; init; } = [];
}

/// <summary>Where the record of a deploy goes besides the screen.</summary>
public sealed record OutputConfiguration
{
    /// <summary>The directory for one log file an operation, or null for none.</summary>
    public string? FilePath { get; init; }

    /// <summary>The endpoint of an OpenTelemetry collector (OTLP over HTTP), or null for none.</summary>
    public string? OtelEndpoint { get; init; }
}
