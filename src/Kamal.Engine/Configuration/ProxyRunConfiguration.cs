using System.Collections.Immutable;

namespace Kamal.Engine.Configuration;

/// <summary>How to start the proxy's own container (<c>proxy.run</c>).</summary>
public sealed record ProxyRunConfiguration
{
    /// <summary>The minimum and default version of kamal-proxy (Kamal 2.12).</summary>
    public const string MinimumVersion = "v0.9.2";

    /// <summary>Whether ports are published on the host.</summary>
    public bool Publish { get; init; } = true;

    /// <summary>The host's port for HTTP.</summary>
    public int HttpPort { get; init; } = 80;

    /// <summary>The host's port for HTTPS.</summary>
    public int HttpsPort { get; init; } = 443;

    /// <summary>The port for Prometheus metrics, if any.</summary>
    public int? MetricsPort { get; init; }

    /// <summary>The addresses to publish on; all, if empty.</summary>
    public ImmutableArray<string> BindIps { get; init; } = [];

    /// <summary>Whether the proxy logs at debug level.</summary>
    public bool Debug { get; init; }

    /// <summary>The maximum size of the proxy's log before Docker rotates it; null or empty for no limit.</summary>
    public string? LogMaxSize { get; init; } = "10m";

    /// <summary>The registry of the proxy's image; Docker Hub if null.</summary>
    public string? Registry { get; init; }

    /// <summary>The image's name.</summary>
    public string Repository { get; init; } = "basecamp/kamal-proxy";

    /// <summary>The image's tag.</summary>
    public string Version { get; init; } = MinimumVersion;

    /// <summary>Additional <c>docker run</c> options.</summary>
    public ImmutableArray<DockerOption> Options { get; init; } = [];

    /// <summary>The full name of the image.</summary>
    public string Image => $"{(Registry is null ? "" : Registry + "/")}{Repository}:{Version}";

    /// <inheritdoc/>
    public bool Equals(ProxyRunConfiguration? other) =>
        other is not null && Publish == other.Publish && HttpPort == other.HttpPort && HttpsPort == other.HttpsPort &&
        MetricsPort == other.MetricsPort && Debug == other.Debug && LogMaxSize == other.LogMaxSize && Image == other.Image &&
        BindIps.SequenceEqual(other.BindIps) && Options.SequenceEqual(other.Options);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Publish, HttpPort, HttpsPort, MetricsPort, Debug, LogMaxSize, Image);

    /// <summary>What differs from the defaults, such as <c>Name=value; Name=value</c>.</summary>
    public override string ToString() => SectionText.Of(this);
}
