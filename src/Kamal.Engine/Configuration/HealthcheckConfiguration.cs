namespace Kamal.Engine.Configuration;

/// <summary>How the proxy checks a new container. Null leaves the proxy's own default.</summary>
public sealed record HealthcheckConfiguration
{
    /// <summary>Seconds between checks.</summary>
    public string? Interval { get; init; }

    /// <summary>The path asked for.</summary>
    public string? Path { get; init; }

    /// <summary>Seconds a check may take.</summary>
    public string? Timeout { get; init; }
}
