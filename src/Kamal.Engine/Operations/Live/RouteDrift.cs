using System.Globalization;
using System.Text.Json;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;

namespace Kamal.Engine.Operations;

/// <summary>Compares a route in kamal-proxy's state (v0.9.2) with the <c>proxy</c> section that is wanted.</summary>
internal static class RouteDrift
{
    private const string Ssl = "proxy/ssl";
    private const string ForwardHeaders = "proxy/forward_headers";

    /// <summary>The state of a service; null if the proxy has no such route.</summary>
    /// <param name="state">The proxy's state, as JSON.</param>
    /// <param name="service">The service's name in the proxy.</param>
    public static JsonElement? Find(JsonElement state, string service) => state.ValueKind == JsonValueKind.Array
        ? state.EnumerateArray().Where(one => Text(one, "name") == service).Select(one => (JsonElement?)one).FirstOrDefault()
        : null;

    /// <summary>Whether a service is stopped, as for maintenance, or paused. A deploy leaves it so.</summary>
    public static bool IsHeld(JsonElement service) =>
        service.TryGetProperty("pause_controller", out var pause) && pause.ValueKind == JsonValueKind.Object
            && pause.TryGetProperty("state", out var state) && state.ValueKind == JsonValueKind.Number && state.GetInt32() != 0;

    /// <summary>The keys of the section whose values the proxy does not have.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="proxy">The section.</param>
    /// <param name="service">The service in the proxy's state.</param>
    /// <param name="certificate">The folder, as the proxy knows it, of the own certificate that is wanted; null for none.</param>
    public static IEnumerable<Difference> Between(
        KamalConfiguration configuration, ProxyConfiguration proxy, JsonElement service, string? certificate)
    {
        var have = Actual(service).ToDictionary();
        var differences = Wanted(configuration, proxy).Where(want => have.GetValueOrDefault(want.Key, "") != want.Value)
            .Select(want => new Difference(want.Key) { From = have.GetValueOrDefault(want.Key, ""), To = want.Value }).ToList();
        // Its default depends on SSL.
        var isOtherSsl = differences.Exists(one => one.Key == Ssl);
        if (isOtherSsl && proxy.ForwardHeaders is null) differences.RemoveAll(one => one.Key == ForwardHeaders);
        if (isOtherSsl || certificate is null || Certificate(service) is not { } used || used == certificate) return differences;
        return [.. differences, new(Ssl) { From = $"certificate {Last(used)}", To = $"certificate {Last(certificate)}" }];
    }

    /// <summary>
    /// The folder of the service's custom certificate, if its name identifies the content: a folder of the Ruby program has no such name.
    /// </summary>
    private static string? Certificate(JsonElement service)
    {
        var path = Text(service.GetProperty("options"), "tls_certificate_path");
        var folder = path[..Math.Max(0, path.LastIndexOf('/'))];
        return CertificatePair.IsFolder(Last(folder)) ? folder : null;
    }

    private static string Last(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static IEnumerable<KeyValuePair<string, string>> Wanted(KamalConfiguration configuration, ProxyConfiguration proxy)
    {
        yield return new("proxy/host", List(proxy.Hosts));
        yield return new("proxy/app_port", proxy.AppPort.ToString(CultureInfo.InvariantCulture));
        yield return new(Ssl, proxy.HasCustomCertificate ? "custom certificate" : Flag(proxy.Ssl));
        yield return new("proxy/ssl_redirect", Flag(proxy.SslRedirect ?? true));
        yield return new("proxy/path_prefix", List(proxy.PathPrefixes.IsEmpty ? ["/"] : proxy.PathPrefixes.Select(path =>
            "/" + path.Trim('/'))));
        yield return new("proxy/strip_path_prefix", Flag(proxy.StripPathPrefix ?? true));
        yield return new(ForwardHeaders, Flag(proxy.ForwardHeaders ?? !proxy.Ssl));
        yield return new("proxy/response_timeout", Number(proxy.ResponseTimeout ?? "30"));
        yield return new("proxy/healthcheck/path", proxy.Healthcheck.Path ?? "/up");
        yield return new("proxy/healthcheck/interval", Number(proxy.Healthcheck.Interval ?? "1"));
        yield return new("proxy/healthcheck/timeout", Number(proxy.Healthcheck.Timeout ?? "5"));
        yield return new("proxy/buffering/requests", Flag(proxy.BufferRequests));
        yield return new("proxy/buffering/responses", Flag(proxy.BufferResponses));
        yield return new("proxy/buffering/memory", Number(proxy.BufferMemory ?? "1048576"));
        yield return new("proxy/buffering/max_request_body", Number(proxy.MaxRequestBody ?? "0"));
        yield return new("proxy/buffering/max_response_body", Number(proxy.MaxResponseBody ?? "0"));
        yield return new("proxy/logging/request_headers",
            Headers(proxy.LogRequestHeaders ?? ProxyConfiguration.DefaultLogRequestHeaders));
        yield return new("proxy/logging/response_headers", Headers(proxy.LogResponseHeaders ?? []));
        yield return new("error_pages_path", configuration.ErrorPagesPath is null ? "" : HostPaths.ErrorPagesInProxy(configuration));
    }

    private static IEnumerable<KeyValuePair<string, string>> Actual(JsonElement service)
    {
        var (options, target) = (service.GetProperty("options"), service.GetProperty("target_options"));
        var health = target.GetProperty("health_check_config");
        var pages = Text(options, "error_page_path");
        yield return new("proxy/host", List(Items(options, "hosts").Where(host => host.Length > 0)));
        yield return new("proxy/app_port", Items(service, "active_targets").Select(name => name[(name.LastIndexOf(':') + 1)..])
            .FirstOrDefault() ?? "");
        yield return new(Ssl,
            Text(options, "tls_certificate_path").Length > 0 ? "custom certificate" : Flag(Is(options, "tls_enabled")));
        yield return new("proxy/ssl_redirect", Flag(Is(options, "tls_redirect")));
        yield return new("proxy/path_prefix", List(Items(options, "path_prefixes").DefaultIfEmpty("/")));
        yield return new("proxy/strip_path_prefix", Flag(Is(options, "strip_prefix")));
        yield return new(ForwardHeaders, Flag(Is(target, "forward_headers")));
        yield return new("proxy/response_timeout", Seconds(target, "response_timeout"));
        yield return new("proxy/healthcheck/path", Text(health, "path"));
        yield return new("proxy/healthcheck/interval", Seconds(health, "interval"));
        yield return new("proxy/healthcheck/timeout", Seconds(health, "timeout"));
        yield return new("proxy/buffering/requests", Flag(Is(target, "buffer_requests")));
        yield return new("proxy/buffering/responses", Flag(Is(target, "buffer_responses")));
        yield return new("proxy/buffering/memory", Whole(target, "max_memory_buffer_size"));
        yield return new("proxy/buffering/max_request_body", Whole(target, "max_request_body_size"));
        yield return new("proxy/buffering/max_response_body", Whole(target, "max_response_body_size"));
        yield return new("proxy/logging/request_headers", Headers(Items(target, "log_request_headers")));
        yield return new("proxy/logging/response_headers", Headers(Items(target, "log_response_headers")));
        yield return new("error_pages_path", pages.Length == 0 ? "" : pages[..Math.Max(0, pages.LastIndexOf('/'))]);
    }

    private static string Flag(bool value) => value ? "true" : "false";

    private static string List(IEnumerable<string> values) => string.Join(", ", values);

    /// <summary>The proxy writes header names with capitals.</summary>
    private static string Headers(IEnumerable<string> names) => List(names.Select(name => name.ToLowerInvariant()));

    private static string Number(string text) => decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number)
        ? number.ToString("0.#########", CultureInfo.InvariantCulture)
        : text;

    /// <summary>A duration, which the proxy saves in nanoseconds.</summary>
    private static string Seconds(JsonElement json, string name) => Number(
        (Long(json, name) / 1_000_000_000m).ToString(CultureInfo.InvariantCulture));

    private static string Whole(JsonElement json, string name) => Long(json, name).ToString(CultureInfo.InvariantCulture);

    private static long Long(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.TryGetInt64(out var number) ? number : 0;

    private static bool Is(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static string Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static IEnumerable<string> Items(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray().Select(item => item.GetString() ?? "") : [];
}
