using Kamal.Engine.Configuration;

namespace Kamal.Engine.Tests.Configuration;

public static partial class KeyCases
{
    private static ProxyConfiguration ProxyOf(KamalConfiguration configuration) => configuration.Roles[0].Proxy!;

    private static Dictionary<string, KeyCase> Proxy() => new()
    {
        ["proxy/host"] = new("a.com,b.com", c => ProxyOf(c).Hosts, "[a.com, b.com]", "[]", Text) { Lines = "proxy:\n  host: @" },
        ["proxy/hosts"] = new("[ a.com, b.com ]", c => ProxyOf(c).Hosts, "[a.com, b.com]", "a.com", List) { Lines = "proxy:\n  hosts: @" },
        ["proxy/app_port"] = new("3000", c => ProxyOf(c).AppPort, "3000", "70000", "should be at most 65535"),
        ["proxy/ssl"] = new("true", c => ProxyOf(c).Ssl, "true", "auto", "should be a boolean or a map"),
        ["proxy/ssl/certificate_pem"] = new(
            "CERT", c => ProxyOf(c).CertificatePemSecret, "CERT", "\"\"", "private_key_pem requires certificate_pem")
        {
            Lines = "proxy:\n  host: a\n  ssl:\n    private_key_pem: K\n    certificate_pem: @",
        },
        ["proxy/ssl/private_key_pem"] = new("KEY", c => ProxyOf(c).PrivateKeyPemSecret, "KEY", "[]", Text)
        {
            Lines = "proxy:\n  host: a\n  ssl:\n    certificate_pem: C\n    private_key_pem: @",
        },
        ["proxy/ssl_redirect"] = new("false", c => ProxyOf(c).SslRedirect, "false", "never", Boolean),
        ["proxy/forward_headers"] = new("true", c => ProxyOf(c).ForwardHeaders, "true", "1", Boolean),
        ["proxy/response_timeout"] = new("10", c => ProxyOf(c).ResponseTimeout, "10", "10s", Integer),
        ["proxy/path_prefix"] = new("\"/a,/b\"", c => ProxyOf(c).PathPrefixes, "[/a, /b]", "[]", Text),
        ["proxy/path_prefixes"] = new("[ /a, /b ]", c => ProxyOf(c).PathPrefixes, "[/a, /b]", "/a", List),
        ["proxy/strip_path_prefix"] = new("false", c => ProxyOf(c).StripPathPrefix, "false", "x", Boolean),
        ["proxy/healthcheck"] = new("{ path: /up }", c => ProxyOf(c).Healthcheck.Path, "/up", "/up", Map),
        ["proxy/healthcheck/interval"] = new("3", c => ProxyOf(c).Healthcheck.Interval, "3", "3s", Integer),
        ["proxy/healthcheck/path"] = new("/health", c => ProxyOf(c).Healthcheck.Path, "/health", "[]", Text),
        ["proxy/healthcheck/timeout"] = new("4", c => ProxyOf(c).Healthcheck.Timeout, "4", "x", Integer),
        ["proxy/buffering"] = new("{ requests: false }", c => ProxyOf(c).BufferRequests, "false", "false", Map),
        ["proxy/buffering/requests"] = new("false", c => ProxyOf(c).BufferRequests, "false", "x", Boolean),
        ["proxy/buffering/responses"] = new("false", c => ProxyOf(c).BufferResponses, "false", "x", Boolean),
        ["proxy/buffering/max_request_body"] = new("40_000_000", c => ProxyOf(c).MaxRequestBody, "40000000", "40M", Integer),
        ["proxy/buffering/max_response_body"] = new("0", c => ProxyOf(c).MaxResponseBody, "0", "x", Integer),
        ["proxy/buffering/memory"] = new("2_000_000", c => ProxyOf(c).BufferMemory, "2000000", "2MB", Integer),
        ["proxy/logging"] = new("{ response_headers: [ A ] }", c => ProxyOf(c).LogResponseHeaders, "[A]", "[ A ]", Map),
        ["proxy/logging/request_headers"] = new("[ A, B ]", c => ProxyOf(c).LogRequestHeaders, "[A, B]", "A", List),
        ["proxy/logging/response_headers"] = new("[ C ]", c => ProxyOf(c).LogResponseHeaders, "[C]", "C", List),
        ["proxy/run"] = new("{ http_port: 8080 }", c => c.ProxyRunFor("1.1.1.1")!.HttpPort, "8080", "x", Map),
        ["proxy/run/http_port"] = new("8080", c => ProxyOf(c).Run!.HttpPort, "8080", "x", Integer),
        ["proxy/run/https_port"] = new("8443", c => ProxyOf(c).Run!.HttpsPort, "8443", "0", "should be at least 1"),
        ["proxy/run/metrics_port"] = new("9090", c => ProxyOf(c).Run!.MetricsPort, "9090", "x", Integer),
        ["proxy/run/debug"] = new("true", c => ProxyOf(c).Run!.Debug, "true", "1", Boolean),
        ["proxy/run/log_max_size"] = new("\"\"", c => ProxyOf(c).Run!.LogMaxSize, "", "[]", Text),
        ["proxy/run/publish"] = new("false", c => ProxyOf(c).Run!.Publish, "false", "no thanks", Boolean),
        ["proxy/run/bind_ips"] = new(
            "[ 127.0.0.1, \"::1\" ]", c => ProxyOf(c).Run!.BindIps, "[127.0.0.1, ::1]", "[ localhost ]",
            "localhost is not an IP address"),
        ["proxy/run/registry"] = new("r:4443", c => ProxyOf(c).Run!.Image, "r:4443/basecamp/kamal-proxy:v0.9.2", "[]", Text),
        ["proxy/run/repository"] = new("me/p", c => ProxyOf(c).Run!.Image, "me/p:v0.9.2", "[]", Text),
        ["proxy/run/version"] = new("v1", c => ProxyOf(c).Run!.Image, "basecamp/kamal-proxy:v1", "[]", Text),
        ["proxy/run/options"] = new(
            "{ memory: 1g, label: [ a, b ], privileged: true }", c => ProxyOf(c).Run!.Options,
            "[--memory 1g, --label a, --label b, --privileged]", "x", Map),
    };

    private static Dictionary<string, KeyCase> Roles() => new()
    {
        ["role/hosts"] = new(
            "[ a, b: t ]", c => c.Roles[0].HostNames, "[a, b]", "[ { a: x, b: y } ]", "should have exactly one key, but has 2")
        {
            Lines = "servers:\n  web:\n    hosts: @",
        },
        ["role/cmd"] = new("bin/jobs -q", c => c.Roles[0].Command, "bin/jobs -q", "[]", Text),
        ["role/stop_timeout"] = new("30", c => c.Roles[0].StopTimeout, "30", "x", Integer),
        ["role/options"] = new(
            "{ memory: 2g, cap-add: [ A, B ], init: true, restart: \"no\" }",
            c => $"{KeyCase.Show(c.Roles[0].Options)} {c.Roles[0].RestartPolicy}",
            "[--memory 2g, --cap-add A, --cap-add B, --init] no", "{ restart: no }", "write \"no\" in quotes"),
        ["role/logging"] = new("{ driver: local }", c => c.Roles[0].Logging.Driver, "local", "x", Map),
        ["role/proxy"] = new("false", c => c.Roles[0].IsProxied, "false", "off-ish", "should be a boolean or a map"),
        ["role/labels"] = new("{ a: b }", c => c.Roles[0].Labels, "[x=y, a=b]", "{ service: x }", "are reserved")
        {
            Lines = "labels: { x: y, a: root }\nservers:\n  web:\n    hosts: [ 1.1.1.1 ]\n    labels: @",
        },
        ["role/env"] = new(
            "{ A: role }", c => c.Roles[0].Env.Clear, "[A=role]", "{ tags: {} }", "tags are allowed only in the root env section")
        {
            Lines = "env: { A: root }\nservers:\n  web:\n    hosts: [ 1.1.1.1 ]\n    env: @",
        },
        ["role/asset_path"] = new("/public", c => c.Roles[0].AssetPath, "/public", "[]", Text),
        ["accessory/service"] = new("mysql", c => c.Accessories[0].ServiceName, "mysql", "[]", Text),
        ["accessory/image"] = new("mysql:8", c => c.Accessories[0].Image, "mysql:8", "[]", Text)
        {
            Lines = "accessories:\n  db:\n    host: h\n    image: @",
        },
        ["accessory/registry"] = new(
            "{ server: ghcr.io, username: u, password: [ P ] }", c => c.Accessories[0].Image, "ghcr.io/mysql",
            "{ server: ghcr.io }", "the required key username is missing"),
        ["accessory/host"] = new("h1", c => c.Accessories[0].Hosts, "[h1]", "[]", Text)
        {
            Lines = "accessories:\n  db:\n    image: x\n    host: @",
        },
        ["accessory/hosts"] = new("[ h1, h2 ]", c => c.Accessories[0].Hosts, "[h1, h2]", "h1", List)
        {
            Lines = "accessories:\n  db:\n    image: x\n    hosts: @",
        },
        ["accessory/role"] = new("web", c => c.Accessories[0].Hosts, "[1.1.1.1]", "wbe", "the role wbe is not defined (did you mean web?)")
        {
            Lines = "accessories:\n  db:\n    image: x\n    role: @",
        },
        ["accessory/roles"] = new("[ web ]", c => c.Accessories[0].Hosts, "[1.1.1.1]", "[ jobs ]", "the role jobs is not defined")
        {
            Lines = "accessories:\n  db:\n    image: x\n    roles: @",
        },
        ["accessory/tag"] = new("t", c => c.Accessories[0].Hosts, "[b]", "[]", Text)
        {
            Lines = "servers: [ a, b: t ]\naccessories:\n  db:\n    image: x\n    tag: @",
        },
        ["accessory/tags"] = new("[ t, u ]", c => c.Accessories[0].Hosts, "[b, c]", "t", List)
        {
            Lines = "servers: { web: { hosts: [ a, b: t, c: [ u, t ] ] } }\naccessories:\n  db:\n    image: x\n    tags: @",
        },
        ["accessory/cmd"] = new("run me", c => c.Accessories[0].Command, "run me", "[]", Text),
        ["accessory/port"] = new("6379", c => c.Accessories[0].Port, "6379:6379", "22:33", "YAML reads 22:33 as the number"),
        ["accessory/labels"] = new("{ a: b }", c => c.Accessories[0].Labels, "[a=b]", "{ destination: x }", "are reserved"),
        ["accessory/options"] = new(
            "{ restart: on-failure:3, cpus: 0.5 }",
            c => $"{KeyCase.Show(c.Accessories[0].Options)} {c.Accessories[0].RestartPolicy}", "[--cpus 0.5] on-failure:3",
            "{ restart: sometimes }", "no, always, unless-stopped"),
        ["accessory/env"] = new("{ secret: [ A ] }", c => c.Accessories[0].Env.Secret, "[A<A]", "[ A ]", Map),
        ["accessory/files"] = new(
            "[ \"a:/b:ro\" ]", c => c.Accessories[0].Files[0].Options, "ro", "[ a ]", "LOCAL:REMOTE or LOCAL:REMOTE:OPTIONS"),
        ["accessory/files/local"] = new("c", c => c.Accessories[0].Files[0].Local, "c", "[]", Text)
        {
            Lines = "accessories:\n  db:\n    image: x\n    host: h\n    files:\n      - remote: /b\n        local: @",
        },
        ["accessory/files/remote"] = new("/c", c => c.Accessories[0].Files[0].Remote, "/c", "{}", Text)
        {
            Lines = "accessories:\n  db:\n    image: x\n    host: h\n    files:\n      - local: b\n        remote: @",
        },
        ["accessory/files/mode"] = new(
            "\"0600\"", c => c.Accessories[0].Files[0].Mode, "0600", "0600",
            "YAML reads 0600 as the number 384; write \"0600\" in quotes"),
        ["accessory/files/owner"] = new("\"1000:1000\"", c => c.Accessories[0].Files[0].Owner, "1000:1000", "[]", Text),
        ["accessory/files/options"] = new("Z", c => c.Accessories[0].Files[0].Options, "Z", "[]", Text),
        ["accessory/directories"] = new(
            "[ data:/var, { local: /x, remote: /y, mode: \"0750\" } ]",
            c => c.Accessories[0].Directories.Select(path => $"{path.Local} {path.Remote} {path.Mode}"),
            "[data /var , /x /y 0750]", "data:/var", List),
        ["accessory/volumes"] = new("[ \"/a:/b\" ]", c => c.Accessories[0].Volumes, "[/a:/b]", "/a:/b", List),
        ["accessory/network"] = new("custom", c => c.Accessories[0].Network, "custom", "[]", Text),
        ["accessory/proxy"] = new("{ host: s.example.com, app_port: 9200 }", c => c.Accessories[0].Proxy!.AppPort, "9200", "true", Map),
    };
}
