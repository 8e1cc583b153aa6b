using System.Collections.Immutable;

namespace Kamal.Engine.Configuration;

/// <summary>Docker's logging of a container.</summary>
public sealed record LoggingConfiguration
{
    /// <summary>The default: no driver and no options, so that <c>max-size=10m</c> is used.</summary>
    public static LoggingConfiguration Default { get; } = new();

    /// <summary>The log driver, or null for the engine's default.</summary>
    public string? Driver { get; init; }

    /// <summary>The driver's options.</summary>
    public ImmutableArray<EnvVariable> Options { get; init; } = [];

    /// <summary>What differs from the defaults, such as <c>Name=value; Name=value</c>.</summary>
    public override string ToString() => SectionText.Of(this);
}

/// <summary>Where the deploy log goes in addition to the screen.</summary>
public sealed record OutputConfiguration
{
    /// <summary>The directory of the log files, or null for none.</summary>
    public string? FilePath { get; init; }

    /// <summary>The endpoint of an OpenTelemetry collector (OTLP over HTTP), or null for none.</summary>
    public string? OtelEndpoint { get; init; }

    /// <summary>What differs from the defaults, such as <c>Name=value; Name=value</c>.</summary>
    public override string ToString() => SectionText.Of(this);
}
