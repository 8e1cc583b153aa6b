using System.Collections.Immutable;
using Kamal.Engine.Configuration.Metadata;
using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Engine.Configuration.Loading;

/// <summary>Converts proxy sections to records.</summary>
internal static class ProxyResolver
{
    public static ProxyConfiguration Resolve(ConfigMap map)
    {
        var ssl = map.Map("ssl");
        var buffering = map.Map("buffering");
        var healthcheck = map.Map("healthcheck");
        var logging = map.Map("logging");
        return new()
        {
            Hosts = [.. ProxyMerge.Hosts(map)],
            AppPort = map.Number("app_port") ?? Defaults.Root.Proxy.AppPort,
            Ssl = ProxyMerge.HasSsl(map),
            CertificatePemSecret = ssl.Text("certificate_pem"),
            PrivateKeyPemSecret = ssl.Text("private_key_pem"),
            SslRedirect = map.Flag("ssl_redirect"),
            ForwardHeaders = map.Flag("forward_headers"),
            ResponseTimeout = map.Text("response_timeout"),
            PathPrefixes = [.. ProxyMerge.PathPrefixes(map)],
            StripPathPrefix = map.Flag("strip_path_prefix"),
            Healthcheck = new()
            {
                Interval = healthcheck.Text("interval"),
                Path = healthcheck.Text("path"),
                Timeout = healthcheck.Text("timeout"),
            },
            BufferRequests = buffering.Flag("requests") ?? Defaults.Root.Proxy.BufferRequests,
            BufferResponses = buffering.Flag("responses") ?? Defaults.Root.Proxy.BufferResponses,
            MaxRequestBody = buffering.Text("max_request_body"),
            MaxResponseBody = buffering.Text("max_response_body"),
            BufferMemory = buffering.Text("memory"),
            LogRequestHeaders = logging.Texts("request_headers"),
            LogResponseHeaders = logging.Texts("response_headers"),
            Run = map.Map("run") is { Entries.IsEmpty: false } run ? ResolveRun(run) : null,
        };
    }

    public static ProxyRunConfiguration ResolveRun(ConfigMap map)
    {
        var standard = Defaults.ProxyRun;
        return standard with
        {
            Publish = map.Flag("publish") ?? standard.Publish,
            HttpPort = map.Number("http_port") ?? standard.HttpPort,
            HttpsPort = map.Number("https_port") ?? standard.HttpsPort,
            MetricsPort = map.Number("metrics_port"),
            BindIps = map.Texts("bind_ips") ?? ImmutableArray<string>.Empty,
            Debug = map.Flag("debug") ?? standard.Debug,
            LogMaxSize = map.Scalar("log_max_size") is { } size ? size.Text : standard.LogMaxSize,
            Registry = map.Text("registry"),
            Repository = map.Text("repository") ?? standard.Repository,
            Version = map.Text("version") ?? standard.Version,
            Options = ValueResolver.Options(map.Map("options")),
        };
    }
}
