using System.Collections.Immutable;

namespace Kamal.Engine.Configuration;

/// <summary>
/// How the proxy routes to a role or accessory. For a role, merged over the root's <c>proxy</c>. Null for the proxy's default.
/// </summary>
public sealed record ProxyConfiguration
{
    /// <summary>The request headers logged by default (Kamal 2.12).</summary>
    public static ImmutableArray<string> DefaultLogRequestHeaders { get; } = ["Cache-Control", "Last-Modified", "User-Agent"];

    /// <summary>Host names to serve; any, if empty.</summary>
    public ImmutableArray<string> Hosts { get; init; } = [];

    /// <summary>The container's port.</summary>
    public int AppPort { get; init; } = 80;

    /// <summary>Whether the proxy serves HTTPS.</summary>
    public bool Ssl { get; init; }

    /// <summary>The secret that holds the chain of a custom certificate in PEM format, if any.</summary>
    public string? CertificatePemSecret { get; init; }

    /// <summary>The secret that holds the private key of a custom certificate in PEM format, if any.</summary>
    public string? PrivateKeyPemSecret { get; init; }

    /// <summary>Whether a custom certificate is used instead of one from Let's Encrypt.</summary>
    public bool HasCustomCertificate => !string.IsNullOrEmpty(CertificatePemSecret) && !string.IsNullOrEmpty(PrivateKeyPemSecret);

    /// <summary>Whether HTTP is redirected to HTTPS.</summary>
    public bool? SslRedirect { get; init; }

    /// <summary>Whether incoming X-Forwarded-* headers are passed on.</summary>
    public bool? ForwardHeaders { get; init; }

    /// <summary>Seconds a request may take.</summary>
    public string? ResponseTimeout { get; init; }

    /// <summary>Paths to serve; all, if empty.</summary>
    public ImmutableArray<string> PathPrefixes { get; init; } = [];

    /// <summary>Whether the prefix is stripped before the request is passed on to the app.</summary>
    public bool? StripPathPrefix { get; init; }

    /// <summary>The health check.</summary>
    public HealthcheckConfiguration Healthcheck { get; init; } = new();

    /// <summary>Whether request bodies are buffered.</summary>
    public bool BufferRequests { get; init; } = true;

    /// <summary>Whether response bodies are buffered.</summary>
    public bool BufferResponses { get; init; } = true;

    /// <summary>The maximum size of a request body, in bytes.</summary>
    public string? MaxRequestBody { get; init; }

    /// <summary>The maximum size of a response body, in bytes.</summary>
    public string? MaxResponseBody { get; init; }

    /// <summary>Bytes to buffer in memory before a file is used.</summary>
    public string? BufferMemory { get; init; }

    /// <summary>Request headers to log; null for <see cref="DefaultLogRequestHeaders"/>.</summary>
    public ImmutableArray<string>? LogRequestHeaders { get; init; }

    /// <summary>Response headers to log; none, if null.</summary>
    public ImmutableArray<string>? LogResponseHeaders { get; init; }

    /// <summary>How to start the proxy, if this section sets it.</summary>
    public ProxyRunConfiguration? Run { get; init; }

    /// <summary>What differs from the defaults, such as <c>Name=value; Name=value</c>.</summary>
    public override string ToString() => SectionText.Of(this);
}

/// <summary>How the proxy checks a new container. Null for the proxy's default.</summary>
public sealed record HealthcheckConfiguration
{
    /// <summary>Seconds between checks.</summary>
    public string? Interval { get; init; }

    /// <summary>The path to request.</summary>
    public string? Path { get; init; }

    /// <summary>Seconds a check may take.</summary>
    public string? Timeout { get; init; }

    /// <summary>What differs from the defaults, such as <c>Name=value; Name=value</c>.</summary>
    public override string ToString() => SectionText.Of(this);
}
