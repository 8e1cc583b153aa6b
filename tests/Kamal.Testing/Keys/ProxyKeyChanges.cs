namespace Kamal.Testing.Keys;

/// <summary>The keys of a <c>proxy</c> section, at each of its places.</summary>
internal static class ProxyKeyChanges
{
    private const string Certificate = "{ certificate_pem: CERT, private_key_pem: KEY }";

    /// <summary>Everywhere.</summary>
    public static IEnumerable<KeyChange> All() =>
    [
        .. At("proxy", "proxy", 0, "web", "api"),
        .. At("servers/ROLE/proxy", "servers/api/proxy", 1, "api"),
        .. At("accessories/ACCESSORY/proxy", "accessories/search/proxy", 2, "search"),
    ];

    /// <param name="key">Its path in the documentation.</param>
    /// <param name="path">Its path in the project.</param>
    /// <param name="turn">Moves its keys to other batches, so that none hides another.</param>
    /// <param name="who">The roles or the accessory that it is about.</param>
    private static IEnumerable<KeyChange> At(string key, string path, int turn, params string[] who)
    {
        foreach (var (relative, change) in Routes().Concat(Runs()))
        {
            // A role that has host names of its own does not take the root's.
            var concerned = key == "proxy" && relative is "host" or "hosts" ? ["web"] : who;
            yield return change with
            {
                Key = $"{key}/{relative}",
                After = [.. change.After.Select(item => ($"{path}/{item.Path}", item.Value))],
                Before = [.. change.Before.Select(item => ($"{path}/{item.Path}", item.Value))],
                Named =
                [
                    .. change.Named.SelectMany(name => name.StartsWith("proxy/run/", StringComparison.Ordinal)
                        ? [$"proxy {name}"] : concerned.Select(one => $"{one} {name}")),
                ],
                Batch = change.Batch == 0 ? 0 : ((change.Batch - 1 + turn) % 3) + 1,
            };
        }
    }

    private static IEnumerable<(string Relative, KeyChange Change)> Routes() =>
    [
        ("host", Of("host", "next.example.com", batch: 1)),
        ("hosts", Of("hosts", "[ one.example.com, two.example.com ]", named: "proxy/host", batch: 2, also: ("host", null))),
        ("app_port", Of("app_port", KeyProject.OtherPort, batch: 2)),
        ("ssl", Of("ssl", "true", batch: 3)),
        ("ssl/certificate_pem", Of("ssl", "{ certificate_pem: CERT2, private_key_pem: KEY2 }") with
        {
            Before = [("ssl", Certificate)],
        }),
        ("ssl/private_key_pem", Of("ssl", "{ certificate_pem: CERT2, private_key_pem: KEY2 }") with
        {
            Before = [("ssl", Certificate)],
        }),
        ("ssl_redirect", Of("ssl_redirect", "false", batch: 1)),
        ("forward_headers", Of("forward_headers", "false", batch: 2)),
        ("response_timeout", Of("response_timeout", "20", batch: 3)),
        ("path_prefix", Of("path_prefix", "/one", batch: 1)),
        ("path_prefixes", Of("path_prefixes", "[ /two, /three ]", named: "proxy/path_prefix", batch: 2)),
        ("strip_path_prefix", Of("strip_path_prefix", "false", batch: 3)),
        ("healthcheck/interval", Of("healthcheck/interval", "2", batch: 1)),
        ("healthcheck/path", Of("healthcheck/path", "/version", batch: 2)),
        ("healthcheck/timeout", Of("healthcheck/timeout", "4", batch: 3)),
        ("buffering/requests", Of("buffering/requests", "false", batch: 1)),
        ("buffering/responses", Of("buffering/responses", "false", batch: 2)),
        ("buffering/max_request_body", Of("buffering/max_request_body", "4000000", batch: 3)),
        ("buffering/max_response_body", Of("buffering/max_response_body", "5000000", batch: 1)),
        ("buffering/memory", Of("buffering/memory", "2000000", batch: 2)),
        ("logging/request_headers", Of("logging/request_headers", "[ Accept ]", batch: 3)),
        ("logging/response_headers", Of("logging/response_headers", "[ Server ]", batch: 1)),
    ];

    private static IEnumerable<(string Relative, KeyChange Change)> Runs() =>
    [
        ("run/http_port", Of("run/http_port", "8080", batch: 1)),
        ("run/https_port", Of("run/https_port", "8443", batch: 2)),
        ("run/metrics_port", Of("run/metrics_port", "9090", batch: 3)),
        ("run/debug", Of("run/debug", "true", batch: 1)),
        ("run/log_max_size", Of("run/log_max_size", "5m", batch: 2)),
        ("run/publish", Of("run/publish", "false", also: ("run/http_port", null))),
        ("run/bind_ips", Of("run/bind_ips", "[ 127.0.0.1 ]", batch: 3)),
        ("run/registry", Of("run/registry", KeyProject.Hub)),
        ("run/repository", Of("run/repository", "other/kamal-proxy")),
        ("run/version", Of("run/version", "latest", batch: 1)),
        ("run/options", Of("run/options", "{ memory: 128m }", batch: 2)),
    ];

    private static KeyChange Of(
        string path, string value, string? named = null, int batch = 0, params (string, string?)[] also) => new(path)
        {
            After = [.. also, (path, value)],
            Named = [named ?? "proxy/" + path],
            Batch = batch,
        };
}
