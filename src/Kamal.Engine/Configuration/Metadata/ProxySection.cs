namespace Kamal.Engine.Configuration.Metadata;

/// <summary>The <c>proxy</c> section of the root, a role or an accessory. Source: Kamal 2.12's proxy documentation.</summary>
internal static class ProxySection
{
    public static readonly ConfigurationSection Certificate = new(
        "proxy/ssl", "Custom certificate", "Names of the secrets that hold a certificate chain and its private key.")
    {
        Path = "proxy/ssl",
        IgnoresUnknownKeys = true,
        IsTopic = false,
        Keys =
        [
            new(
                "certificate_pem", Names.Text(Names.Secret),
                "The secret that holds the certificate chain in PEM format. Requires `private_key_pem`.")
            {
                Example = "CERTIFICATE_PEM",
                Since = "2.7",
            },
            new(
                "private_key_pem", Names.Text(Names.Secret),
                "The secret that holds the certificate's private key in PEM format. Requires `certificate_pem`.")
            {
                Example = "PRIVATE_KEY_PEM",
                Since = "2.7",
            },
        ],
    };

    public static readonly ConfigurationSection Healthcheck = new(
        "proxy/healthcheck", "Health check",
        "How the proxy checks that a new container is ready to serve requests. It stops checking when the container is live or the " +
        "deploy timeout ends.")
    {
        Path = "proxy/healthcheck",
        IsTopic = false,
        Keys =
        [
            new("interval", Shapes.Seconds, "Seconds between checks.") { Default = "1", Example = "3" },
            new("path", Shapes.Text, "The path that must answer with a 2xx status.") { Default = "/up", Example = "/health" },
            new("timeout", Shapes.Seconds, "Seconds a single check may take.") { Default = "5", Example = "3" },
        ],
    };

    public static readonly ConfigurationSection Buffering = new(
        "proxy/buffering", "Buffering",
        "Whether the proxy buffers complete bodies before it passes them on, and their maximum size.")
    {
        Path = "proxy/buffering",
        IsTopic = false,
        Keys =
        [
            new("requests", Shapes.Boolean, "Whether request bodies are buffered.")
            {
                Default = Defaults.Of(Defaults.Root.Proxy.BufferRequests),
                Example = "true",
            },
            new("responses", Shapes.Boolean, "Whether response bodies are buffered.")
            {
                Default = Defaults.Of(Defaults.Root.Proxy.BufferResponses),
                Example = "true",
            },
            new("max_request_body", Shapes.Bytes, "The maximum size of a request body in bytes; 0 for no limit.")
            {
                Default = "1073741824",
                Example = "40_000_000",
            },
            new("max_response_body", Shapes.Bytes, "The maximum size of a response body in bytes; 0 for no limit.")
            {
                Default = "0",
                Example = "0",
            },
            new("memory", Shapes.Bytes, "Bytes of a body to buffer in memory. Larger bodies are buffered in a temporary file.")
            {
                Default = "1048576",
                Example = "2_000_000",
            },
        ],
    };

    public static readonly ConfigurationSection Logging = new(
        "proxy/logging", "Request log", "The headers that the proxy includes in its request log.")
    {
        Path = "proxy/logging",
        IsTopic = false,
        Keys =
        [
            new("request_headers", Shapes.Texts, "Request headers to log.")
            {
                Default = Defaults.Of(ProxyConfiguration.DefaultLogRequestHeaders),
                Example = "[ Cache-Control, X-Forwarded-Proto ]",
            },
            new("response_headers", Shapes.Texts, "Response headers to log.") { Example = "[ X-Request-ID, X-Request-Start ]" },
        ],
    };

    public static readonly ConfigurationSection Run = new(
        "proxy/run", "Running the proxy",
        "How the proxy's own container is started on the hosts. Replaces `kamal proxy boot_config`, which still works. Sections " +
        "that apply to the same host must be identical.")
    {
        Path = "proxy/run",
        IsTopic = false,
        Keys =
        [
            new("http_port", Shapes.Port, "The host's HTTP port. Cannot be used with `publish: false`.")
            {
                Default = Defaults.Of(Defaults.ProxyRun.HttpPort),
                Example = "8080",
                Since = "2.10",
            },
            new("https_port", Shapes.Port, "The host's HTTPS port. Cannot be used with `publish: false`.")
            {
                Default = Defaults.Of(Defaults.ProxyRun.HttpsPort),
                Example = "8443",
                Since = "2.10",
            },
            new("metrics_port", Shapes.Port, "The port that serves Prometheus metrics. Metrics are off by default.")
            {
                Example = "9090",
                Since = "2.10",
            },
            new("debug", Shapes.Boolean, "Whether the proxy logs at debug level.")
            {
                Default = Defaults.Of(Defaults.ProxyRun.Debug),
                Example = "true",
                Since = "2.10",
            },
            new("log_max_size", Shapes.Text, "The maximum size of the proxy's log before Docker rotates it; empty for no limit.")
            {
                Default = Defaults.ProxyRun.LogMaxSize,
                Example = "\"30m\"",
                Since = "2.10",
            },
            new("publish", Shapes.Boolean, "Whether ports are published on the host.")
            {
                Default = Defaults.Of(Defaults.ProxyRun.Publish),
                Example = "false",
                Since = "2.10",
            },
            new("bind_ips", Shapes.Texts, "The IPv4 or IPv6 addresses on which ports are published. Defaults to all addresses.")
            {
                Example = "[ 0.0.0.0 ]",
                Since = "2.10",
            },
            new("registry", Names.Text(Names.Registry), "The registry of the proxy's image. Defaults to Docker Hub.")
            {
                Example = "registry:4443",
                Since = "2.10",
            },
            new("repository", Names.Text(Names.Repository), "The repository of the proxy's image.")
            {
                Default = Defaults.ProxyRun.Repository,
                Example = "myrepo/kamal-proxy",
                Since = "2.10",
            },
            new("version", Names.Text(Names.Tag), "The tag of the proxy's image.")
            {
                Default = Defaults.ProxyRun.Version,
                Example = "v0.9.2",
                Since = "2.10",
            },
            new(
                "options", Shapes.PlainDockerOptions,
                "Additional `docker run` options for the proxy. Each becomes `--NAME VALUE`; true becomes `--NAME` alone, and a " +
                "list becomes one option per entry.")
            {
                Example = "{ memory: 512m, label: [ a=b, c=d ] }",
                Since = "2.10",
            },
        ],
    };

    public static readonly ConfigurationSection Section = new(
        "proxy", "Proxy",
        "kamal-proxy listens on ports 80 and 443 of a host and routes requests to the app's containers, so that no request is lost " +
        "when a new version takes over. These settings apply to this app only; other apps on the host have their own. The primary " +
        "role is proxied unless it sets `proxy: false`. Other roles are proxied only with `proxy: true` or a map, which is merged " +
        "over the root settings.")
    {
        Path = "proxy",
        Keys =
        [
            new(
                "host", Names.Text(Names.Domains),
                "The host name to serve, or several separated by commas. Without it, the app receives every request that does not " +
                "match another app's host name. Cannot be combined with `hosts`.")
            {
                Example = "foo.example.com",
            },
            new("hosts", new ListShape(Names.Text(Names.Domains)), "The host names to serve, as a list. Cannot be combined with `host`.")
            {
                Example = "[ foo.example.com, bar.example.com ]",
            },
            new("app_port", Shapes.Port, "The port on which the app's container listens.")
            {
                Default = Defaults.Of(Defaults.Root.Proxy.AppPort),
                Example = "3000",
            },
            new(
                "ssl", Shapes.Choice(Shapes.Boolean, Shapes.Section(Certificate)),
                "Whether the proxy serves HTTPS. `true` obtains a certificate from Let's Encrypt: the role must have a single " +
                "server, the host name must point to it, and port 443 must be open. A map that names the secrets of a custom " +
                "certificate works with any number of servers. With SSL, `X-Forwarded-*` headers are passed on only if " +
                "`forward_headers` is true.")
            {
                Default = "false",
                Example = "true",
            },
            new("ssl_redirect", Shapes.Boolean, "Whether HTTP requests are redirected to HTTPS when SSL is on.")
            {
                Default = "true",
                Example = "false",
                Since = "2.6",
            },
            new(
                "forward_headers", Shapes.Boolean,
                "Whether incoming `X-Forwarded-For` and `X-Forwarded-Proto` headers are passed on to the app. Enable it behind a " +
                "trusted proxy. Defaults to false with SSL, otherwise to true.")
            {
                Example = "true",
            },
            new("response_timeout", Shapes.Seconds, "Seconds to wait for a response before the request times out.")
            {
                Default = "30",
                Example = "10",
            },
            new("path_prefix", Shapes.Text, "The path to serve, or several separated by commas. Defaults to all paths.")
            {
                Example = "\"/api,/oauth_callback\"",
                Since = "2.7",
            },
            new("path_prefixes", Shapes.Texts, "The paths to serve, as a list. Takes precedence over `path_prefix`.")
            {
                Example = "[ \"/api\", \"/oauth_callback\" ]",
                Since = "2.8",
            },
            new("strip_path_prefix", Shapes.Boolean, "Whether the prefix is stripped before the request is passed on to the app.")
            {
                Default = "true",
                Example = "false",
                Since = "2.7",
            },
            new("healthcheck", Shapes.Section(Healthcheck), "How the proxy checks a new container.")
            {
                Example = "{ path: /health, interval: 3, timeout: 3 }",
            },
            new("buffering", Shapes.Section(Buffering), "Whether bodies are buffered, and their maximum size.")
            {
                Example = "{ requests: true, responses: true, memory: 2_000_000 }",
            },
            new("logging", Shapes.Section(Logging), "The headers to log.") { Example = "{ request_headers: [ X-Forwarded-Proto ] }" },
            new("run", Shapes.Section(Run), "How the proxy's container is started.")
            {
                Example = "{ http_port: 8080, https_port: 8443 }",
                Since = "2.10",
            },
        ],
    };
}
