namespace Kamal.Engine.Configuration.Metadata;

/// <summary>The <c>proxy</c> section of the root, a role or an accessory. Facts: Kamal 2.12's proxy documentation.</summary>
internal static class ProxySection
{
    public static readonly ConfigurationSection Certificate = new("proxy/ssl", "Own certificate", "Names of the secrets that hold a certificate chain and its key.")
    {
        Path = "proxy/ssl",
        IsTopic = false,
        Keys =
        [
            new("certificate_pem", Names.Text(Names.Secret), "The secret with the certificate chain in PEM. Needs `private_key_pem` too.") { Example = "CERTIFICATE_PEM", Since = "2.7" },
            new("private_key_pem", Names.Text(Names.Secret), "The secret with the certificate's private key in PEM. Needs `certificate_pem` too.") { Example = "PRIVATE_KEY_PEM", Since = "2.7" },
        ],
    };

    public static readonly ConfigurationSection Healthcheck = new("proxy/healthcheck", "Health check", "How the proxy finds out that a new container can serve. It asks until the deploy timeout ends, and no more once the container is live.")
    {
        Path = "proxy/healthcheck",
        IsTopic = false,
        Keys =
        [
            new("interval", Shapes.Seconds, "Seconds between two checks.") { Default = "1", Example = "3" },
            new("path", Shapes.Text, "The path that must answer with a 2xx status.") { Default = "/up", Example = "/health" },
            new("timeout", Shapes.Seconds, "Seconds a single check may take.") { Default = "5", Example = "3" },
        ],
    };

    public static readonly ConfigurationSection Buffering = new("proxy/buffering", "Buffering", "Whether the proxy reads whole bodies before it passes them on, and how large they may be.")
    {
        Path = "proxy/buffering",
        IsTopic = false,
        Keys =
        [
            new("requests", Shapes.Boolean, "Whether request bodies are buffered.") { Default = "true", Example = "true" },
            new("responses", Shapes.Boolean, "Whether response bodies are buffered.") { Default = "true", Example = "true" },
            new("max_request_body", Shapes.Bytes, "The largest request body in bytes; 0 for no limit.") { Default = "1073741824", Example = "40_000_000" },
            new("max_response_body", Shapes.Bytes, "The largest response body in bytes; 0 for no limit.") { Default = "0", Example = "0" },
            new("memory", Shapes.Bytes, "Bytes kept in memory; what is larger goes to a temporary file.") { Default = "1048576", Example = "2_000_000" },
        ],
    };

    public static readonly ConfigurationSection Logging = new("proxy/logging", "Request log", "Which headers the proxy adds to its log of requests.")
    {
        Path = "proxy/logging",
        IsTopic = false,
        Keys =
        [
            new("request_headers", Shapes.Texts, "Request headers to log. `Cache-Control`, `Last-Modified` and `User-Agent` where nothing is said.") { Default = "[ Cache-Control, Last-Modified, User-Agent ]", Example = "[ Cache-Control, X-Forwarded-Proto ]" },
            new("response_headers", Shapes.Texts, "Response headers to log.") { Example = "[ X-Request-ID, X-Request-Start ]" },
        ],
    };

    public static readonly ConfigurationSection Run = new("proxy/run", "Running the proxy", "How the proxy's own container is started on the hosts. It replaces `kamal proxy boot_config`, which still works. Two sections that reach one host must agree.")
    {
        Path = "proxy/run",
        IsTopic = false,
        Keys =
        [
            new("http_port", Shapes.Port, "The host's port for HTTP. Not with `publish: false`.") { Default = "80", Example = "8080", Since = "2.10" },
            new("https_port", Shapes.Port, "The host's port for HTTPS. Not with `publish: false`.") { Default = "443", Example = "8443", Since = "2.10" },
            new("metrics_port", Shapes.Port, "The port on which Prometheus metrics are served; none where nothing is said.") { Example = "9090", Since = "2.10" },
            new("debug", Shapes.Boolean, "Whether the proxy logs at debug level.") { Default = "false", Example = "true", Since = "2.10" },
            new("log_max_size", Shapes.Text, "The size at which Docker rotates the proxy's log; empty for no limit.") { Default = "10m", Example = "\"30m\"", Since = "2.10" },
            new("publish", Shapes.Boolean, "Whether ports are published on the host.") { Default = "true", Example = "false", Since = "2.10" },
            new("bind_ips", Shapes.Texts, "The addresses, IPv4 or IPv6, on which ports are published; all where nothing is said.") { Example = "[ 0.0.0.0 ]", Since = "2.10" },
            new("registry", Names.Text(Names.Registry), "The registry of the proxy's image; Docker Hub where nothing is said.") { Example = "registry:4443", Since = "2.10" },
            new("repository", Names.Text(Names.Repository), "The repository of the proxy's image.") { Default = "basecamp/kamal-proxy", Example = "myrepo/kamal-proxy", Since = "2.10" },
            new("version", Names.Text(Names.Tag), "The tag of the proxy's image.") { Default = ProxyRunConfiguration.MinimumVersion, Example = "v0.9.2", Since = "2.10" },
            new("options", Shapes.PlainDockerOptions, "Further options of `docker run` for the proxy: `--NAME VALUE`, `--NAME` for true, one option an entry for a list.") { Example = "{ memory: 512m, label: [ a=b, c=d ] }", Since = "2.10" },
        ],
    };

    public static readonly ConfigurationSection Section = new("proxy", "Proxy", "kamal-proxy listens on ports 80 and 443 of a host and sends requests to the app's containers, so that a new version takes over without a lost request. These are the app's own settings; other apps on the host have theirs. The primary role is proxied unless it says `proxy: false`; other roles only with `proxy: true` or a map, which is merged over the root's.")
    {
        Path = "proxy",
        Keys =
        [
            new("host", Names.Text(Names.Domains), "The host name to serve, or several with commas between. Without one, every request goes to the app that no other app's host name claims. Not together with `hosts`.") { Example = "foo.example.com" },
            new("hosts", new ListShape(Names.Text(Names.Domains)), "The host names to serve, as a list. Not together with `host`.") { Example = "[ foo.example.com, bar.example.com ]" },
            new("app_port", Shapes.Port, "The port on which the app's container listens.") { Default = "80", Example = "3000" },
            new("ssl", Shapes.Choice(Shapes.Boolean, Shapes.Section(Certificate)), "Whether the proxy speaks HTTPS. `true` gets a certificate from Let's Encrypt: that needs a host name which points to the one server of the role, and port 443 open. A map with the secrets of an own certificate works on any number of servers. With SSL, `X-Forwarded-*` headers are no longer passed on unless `forward_headers` is true.") { Default = "false", Example = "true" },
            new("ssl_redirect", Shapes.Boolean, "Whether HTTP is redirected to HTTPS where SSL is on.") { Default = "true", Example = "false", Since = "2.6" },
            new("forward_headers", Shapes.Boolean, "Whether `X-Forwarded-For` and `X-Forwarded-Proto` from outside reach the app. Set it behind a proxy that you trust. The default is false with SSL, else true.") { Example = "true" },
            new("response_timeout", Shapes.Seconds, "Seconds until a request without an answer is given up.") { Default = "30", Example = "10" },
            new("path_prefix", Shapes.Text, "The paths to serve, several with commas between; all where nothing is said..") { Example = "\"/api,/oauth_callback\"", Since = "2.7" },
            new("path_prefixes", Shapes.Texts, "The paths to serve, as a list; it wins over `path_prefix`.") { Example = "[ \"/api\", \"/oauth_callback\" ]", Since = "2.8" },
            new("strip_path_prefix", Shapes.Boolean, "Whether the prefix is cut before the app sees the path.") { Default = "true", Example = "false", Since = "2.7" },
            new("healthcheck", Shapes.Section(Healthcheck), "How a new container is checked.") { Example = "{ path: /health, interval: 3, timeout: 3 }" },
            new("buffering", Shapes.Section(Buffering), "Whether bodies are buffered, and their limits.") { Example = "{ requests: true, responses: true, memory: 2_000_000 }" },
            new("logging", Shapes.Section(Logging), "Which headers are logged.") { Example = "{ request_headers: [ X-Forwarded-Proto ] }" },
            new("run", Shapes.Section(Run), "How the proxy's container is started.") { Example = "{ http_port: 8080, https_port: 8443 }", Since = "2.10" },
        ],
    };
}
