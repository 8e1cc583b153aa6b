using System.Globalization;
using System.Text.Json.Nodes;

namespace Kamal.Engine.Tests.Operations.Keys;

/// <summary>What kamal-proxy v0.9.2 stores of a rendered <c>kamal-proxy deploy</c>.</summary>
internal static class StoredRoute
{
    public static JsonObject Of(string command)
    {
        var words = ShellSplit.Words(command);
        var deploy = words.IndexOf("deploy");
        var given = words.Skip(deploy + 2).Where(word => word.StartsWith("--", StringComparison.Ordinal))
            .Select(word => word[2..].Split('=', 2)).ToLookup(parts => parts[0], parts => parts.ElementAtOrDefault(1) ?? "true");
        string One(string name, string otherwise) => given[name].LastOrDefault() ?? otherwise;
        bool Is(string name, bool otherwise) => One(name, otherwise ? "true" : "false") == "true";
        long Seconds(string name, string otherwise) =>
            long.Parse(One(name, otherwise).TrimEnd('s'), CultureInfo.InvariantCulture) * 1_000_000_000;
        long Bytes(string name, string otherwise) => long.Parse(One(name, otherwise), CultureInfo.InvariantCulture);
        JsonArray Many(string name) => new([.. given[name].Select(value => JsonValue.Create(value))]);
        var prefixes = given["path-prefix"].Select(path => "/" + path.Trim('/')).DefaultIfEmpty("/");
        var pages = One("error-pages", "");
        return new()
        {
            ["name"] = words[deploy + 1],
            ["options"] = new JsonObject
            {
                ["hosts"] = Many("host"),
                ["path_prefixes"] = new JsonArray([.. prefixes.Select(path => JsonValue.Create(path))]),
                ["strip_prefix"] = Is("strip-path-prefix", true),
                ["tls_enabled"] = Is("tls", false),
                ["tls_certificate_path"] = One("tls-certificate-path", ""),
                ["tls_redirect"] = Is("tls-redirect", true),
                ["error_page_path"] = pages.Length == 0 ? ""
                    : pages[..(pages.IndexOf("/error_pages/", StringComparison.Ordinal) + 13)] + "v1",
            },
            ["active_targets"] = Many("target"),
            ["target_options"] = new JsonObject
            {
                ["health_check_config"] = new JsonObject
                {
                    ["path"] = One("health-check-path", "/up"), ["interval"] = Seconds("health-check-interval", "1s"),
                    ["timeout"] = Seconds("health-check-timeout", "5s"),
                },
                ["response_timeout"] = Seconds("target-timeout", "30s"),
                ["buffer_requests"] = Is("buffer-requests", false),
                ["buffer_responses"] = Is("buffer-responses", false),
                ["max_memory_buffer_size"] = Bytes("buffer-memory", "1048576"),
                ["max_request_body_size"] = Bytes("max-request-body", "0"),
                ["max_response_body_size"] = Bytes("max-response-body", "0"),
                ["log_request_headers"] = Many("log-request-header"),
                ["log_response_headers"] = Many("log-response-header"),
                ["forward_headers"] = Is("forward-headers", !Is("tls", false)),
            },
        };
    }
}
