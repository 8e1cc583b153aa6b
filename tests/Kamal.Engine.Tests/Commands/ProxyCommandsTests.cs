using Kamal.Engine.Commands;
using Kamal.Engine.Tests.Configuration;
using Xunit;

namespace Kamal.Engine.Tests.Commands;

public sealed class ProxyCommandsTests
{
    private const string Deploy = "docker exec kamal-proxy kamal-proxy deploy app-web --target=\"${id}\":80";

    private const string Timeouts = "--deploy-timeout=\"30s\" --drain-timeout=\"30s\"";

    private const string Buffers = "--buffer-requests --buffer-responses";

    private const string Headers = "--log-request-header=\"Cache-Control\" --log-request-header=\"Last-Modified\" "
        + "--log-request-header=\"User-Agent\"";

    private const string RunStart = "docker run --name kamal-proxy --network kamal --detach --restart unless-stopped "
        + "--volume kamal-proxy-config:/home/kamal-proxy/.config/kamal-proxy --volume "
        + "\"$PWD\"/.kamal/proxy/apps-config:/home/kamal-proxy/.apps-config";

    private const string Boot = "echo \"$(cat .kamal/proxy/options 2>/dev/null || echo '--publish 80:80 --publish 443:443 --log-opt "
        + "max-size=10m')\"\" \""
        + "\"$(echo \"$(cat .kamal/proxy/image 2>/dev/null || echo basecamp/kamal-proxy)\":\"$(cat .kamal/proxy/image_version "
        + "2>/dev/null || echo v0.9.2)\")\"\" \""
        + "\"$(cat .kamal/proxy/run_command 2>/dev/null || echo '')\"";

    [Theory]
    [InlineData("", $"{Deploy} {Timeouts} {Buffers} {Headers}")]
    [InlineData("ssl: true, host: example.com", $"{Deploy} --host=\"example.com\" --tls {Timeouts} {Buffers} {Headers}")]
    [InlineData("ssl: true, hosts: [ a.example.com, b.example.com ], ssl_redirect: false",
        $"{Deploy} --host=\"a.example.com\" --host=\"b.example.com\" --tls {Timeouts} {Buffers} --tls-redirect=false {Headers}")]
    [InlineData("app_port: 3000",
        $"docker exec kamal-proxy kamal-proxy deploy app-web --target=\"${{id}}\":3000 {Timeouts} {Buffers} {Headers}")]
    [InlineData("healthcheck: { interval: 5, timeout: 6, path: \"/up?a=$b&c\" }, response_timeout: 10",
        $"{Deploy} {Timeouts} --health-check-interval=\"5s\" --health-check-timeout=\"6s\" --health-check-path=\"/up?a=\\$b&c\" "
            + $"--target-timeout=\"10s\" {Buffers} {Headers}")]
    [InlineData("buffering: { requests: false, responses: false, memory: 1, max_request_body: 2, max_response_body: 3 }",
        $"{Deploy} {Timeouts} --buffer-requests=false --buffer-responses=false --buffer-memory=\"1\" --max-request-body=\"2\" "
            + $"--max-response-body=\"3\" {Headers}")]
    [InlineData("path_prefixes: [ /api, /oauth ], strip_path_prefix: false, forward_headers: true",
        $"{Deploy} {Timeouts} {Buffers} --path-prefix=\"/api\" --path-prefix=\"/oauth\" --strip-path-prefix=false --forward-headers "
            + $"{Headers}")]
    [InlineData("logging: { request_headers: [ X-One ], response_headers: [ X-Two, X-Three ] }",
        $"{Deploy} {Timeouts} {Buffers} --log-request-header=\"X-One\" --log-response-header=\"X-Two\" --log-response-header=\"X-Three\"")]
    public async Task A_service_is_routed(string proxy, string expected) =>
        Assert.Equal(expected, await DeployAsync($"proxy: {{ {proxy} }}\n"));

    [Fact]
    public async Task A_certificate_of_its_own_lies_in_a_folder() => Assert.Equal(
        $"{Deploy} --host=\"a.b\" --tls --tls-certificate-path=\"${{tls}}\"/cert.pem --tls-private-key-path=\"${{tls}}\"/key.pem "
            + $"{Timeouts} {Buffers} {Headers}",
        await DeployAsync("proxy: { host: a.b, ssl: { certificate_pem: C, private_key_pem: K } }\n", ShellWord.Variable("tls")));

    [Fact]
    public async Task Timeouts_and_error_pages_are_the_configurations() => Assert.Equal(
        $"{Deploy} --deploy-timeout=\"60s\" --drain-timeout=\"20s\" {Buffers} {Headers} "
            + $"--error-pages=/home/kamal-proxy/.apps-config/app/error_pages/"
        + "\"$(ls -td .kamal/proxy/apps-config/app/error_pages/v1 .kamal/proxy/apps-config/app/error_pages/v1~* 2>/dev/null | head -1 | "
        + "grep -o '[^/]*$' || echo v1)\"",
        await DeployAsync("deploy_timeout: 60\ndrain_timeout: 20\nerror_pages_path: public\n"));

    [Theory]
    [InlineData("", $"{Boot} | xargs {RunStart}")]
    [InlineData("version: v0.9.9",
        $"{RunStart} --publish 80:80 --publish 443:443 --log-opt max-size=\"10m\" basecamp/kamal-proxy:v0.9.9 kamal-proxy run")]
    [InlineData("registry: ghcr.io, repository: me/kamal-proxy",
        $"{RunStart} --publish 80:80 --publish 443:443 --log-opt max-size=\"10m\" ghcr.io/me/kamal-proxy:v0.9.2 kamal-proxy run")]
    [InlineData("http_port: 8080, https_port: 8443",
        $"{RunStart} --publish 8080:80 --publish 8443:443 --log-opt max-size=\"10m\" basecamp/kamal-proxy:v0.9.2 kamal-proxy run")]
    [InlineData("bind_ips: [ 127.0.0.1, \"::1\" ]",
        $"{RunStart} --publish 127.0.0.1:80:80 --publish 127.0.0.1:443:443 --publish '[::1]:80:80' --publish '[::1]:443:443' --log-opt "
            + $"max-size=\"10m\" basecamp/kamal-proxy:v0.9.2 kamal-proxy run")]
    [InlineData("publish: false, log_max_size: \"\"", $"{RunStart} basecamp/kamal-proxy:v0.9.2 kamal-proxy run")]
    [InlineData("debug: true, metrics_port: 9090, options: { memory: \"1 g\" }",
        $"{RunStart} --publish 80:80 --publish 443:443 --log-opt max-size=\"10m\" --expose=9090 --memory \"1 g\" "
            + $"basecamp/kamal-proxy:v0.9.2 kamal-proxy run --debug --metrics-port 9090")]
    public async Task The_proxy_is_started(string run, string expected)
    {
        var proxy = await CommandsAsync(run.Length == 0 ? "" : $"proxy: {{ run: {{ {run} }} }}\n");
        Assert.Equal(expected, proxy.Run("1.1.1.1").Text);
        Assert.Equal($"docker container start kamal-proxy 2>/dev/null || {expected}", proxy.StartOrRun("1.1.1.1").Text);
        Assert.Equal(
            "docker container start kamal-proxy 2>/dev/null || { { docker network inspect kamal >/dev/null 2>/dev/null "
                + $"|| docker network create kamal ; }} && {expected} ; }}",
            proxy.StartOrRunInNetwork("1.1.1.1").Text);
    }

    [Theory]
    [InlineData("", "echo \"$(cat .kamal/proxy/options 2>/dev/null || echo '--publish 80:80 --publish 443:443 --log-opt max-size=10m')\" "
        + "{0} \"$(cat .kamal/proxy/run_command 2>/dev/null || echo '')\" | xargs docker create {1}")]
    [InlineData("version: v1.0.0, options: { memory: 1g, name: x }",
        "docker create {1} --publish 80:80 --publish 443:443 --log-opt max-size=\"10m\" --memory \"1g\" {0} kamal-proxy run")]
    public async Task The_proxy_is_created_to_compare_it(string run, string expected)
    {
        const string last = "--pull never --restart no --label service= --label role= --label destination= --label kamal.plan=abc --label "
            + "kamal.plan.number=0 \"${image}\"";
        const string first = "--network kamal --volume kamal-proxy-config:/home/kamal-proxy/.config/kamal-proxy --volume "
            + "\"$PWD\"/.kamal/proxy/apps-config:/home/kamal-proxy/.apps-config";
        var proxy = await CommandsAsync(run.Length == 0 ? "" : $"proxy: {{ run: {{ {run} }} }}\n");
        Assert.Equal(
            expected.Replace("{0}", last, StringComparison.Ordinal).Replace("{1}", first, StringComparison.Ordinal),
            proxy.Create("1.1.1.1", ShellWord.Variable("image"), new("abc", 0)).Text);
        Assert.Equal(
            run.Length == 0 ? proxy.BootImage().Text : "echo basecamp/kamal-proxy:v1.0.0", proxy.ImageFor("1.1.1.1").Text);
    }

    [Theory]
    [InlineData(null, "app")]
    [InlineData("staging", "app-staging")]
    public async Task Files_on_the_host_are_read_and_removed(string? destination, string app)
    {
        var proxy = await CommandsAsync("", destination);
        Rendered.Equal(
            (proxy.BootConfiguration(), Boot),
            (proxy.BootOptions(),
                "cat .kamal/proxy/options 2>/dev/null || echo '--publish 80:80 --publish 443:443 --log-opt max-size=10m'"),
            (proxy.BootImage(), "echo \"$(cat .kamal/proxy/image 2>/dev/null || echo basecamp/kamal-proxy)\":\"$(cat "
                + ".kamal/proxy/image_version 2>/dev/null || echo v0.9.2)\""),
            (proxy.BootRunCommand(), "cat .kamal/proxy/run_command 2>/dev/null || echo ''"),
            (proxy.EnsureAppsDirectory(), "mkdir -p .kamal/proxy/apps-config"),
            (proxy.RemoveDirectory(), "rm -r .kamal/proxy"),
            (proxy.RemoveAppDirectory(), $"rm -r .kamal/proxy/apps-config/{app}"),
            (proxy.CountApps(), "ls .kamal/apps 2>/dev/null | wc -l"));
    }

    [Fact]
    public void The_proxys_container_is_asked_and_changed() => Rendered.Equal(
        (ProxyCommands.Start(), "docker container start kamal-proxy"),
        (ProxyCommands.Stop(), "docker container stop kamal-proxy"),
        (ProxyCommands.Exists(), "docker container inspect kamal-proxy >/dev/null 2>/dev/null"),
        (ProxyCommands.Info(), "docker ps --filter 'name=^kamal-proxy$'"),
        (ProxyCommands.Version(), "docker inspect kamal-proxy --format '{{.Config.Image}}' 2>/dev/null | awk -F: '{print $NF}'"),
        (ProxyCommands.IsRecentEnough("version"),
            "printf '%s\\n' \"${version}\" | awk '-F[v.-]' '/^v?[0-9]+[.][0-9]+/ { o = /^v/ ? 1 : 0; exit ($(1+o)*1000000 + $(2+o)*1000 "
                + "+ $(3+o) < 9002) }'"),
        (ProxyCommands.AppsMount(),
            "docker inspect kamal-proxy --format '{{range .Mounts}}{{if eq .Destination "
                + "\"/home/kamal-proxy/.apps-config\"}}{{.Source}}{{end}}{{end}}' 2>/dev/null"),
        (ProxyCommands.RestoreErrors(),
            "docker logs --since \"$(docker inspect --format '{{.State.FinishedAt}}' kamal-proxy)\" kamal-proxy 2>&1 "
            + "| grep -e 'decode saved state' -e 'restore saved state' -e 'Error loading TLS' -e 'parse error page' | tail -n 3"),
        (ProxyCommands.RemoveContainer(), "docker container prune --force --filter label=org.opencontainers.image.title=kamal-proxy"),
        (ProxyCommands.RemoveImage(), "docker image prune --all --force --filter label=org.opencontainers.image.title=kamal-proxy"),
        (ProxyCommands.RemoveTraefik(),
            "docker container stop traefik ; docker container prune --force --filter label=org.opencontainers.image.title=Traefik "
            + "&& docker image prune --all --force --filter label=org.opencontainers.image.title=Traefik"),
        (ProxyCommands.Logs(new() { Since = "2h", Lines = 10, Grep = "hello!" }),
            "docker logs kamal-proxy --timestamps --since 2h --tail 10 2>&1 | grep 'hello!'"));

    [Fact]
    public void A_services_routing_is_changed() => Rendered.Equal(
        (ProxyCommands.List(), "docker exec kamal-proxy kamal-proxy list"),
        (ProxyCommands.Remove("app-web"), "docker exec kamal-proxy kamal-proxy remove app-web"),
        (ProxyCommands.Resume("app-web"), "docker exec kamal-proxy kamal-proxy resume app-web"),
        (ProxyCommands.StopService("app-web", TimeSpan.FromSeconds(30), null),
            "docker exec kamal-proxy kamal-proxy stop app-web --drain-timeout=\"30s\""),
        (ProxyCommands.StopService("app-web", TimeSpan.FromSeconds(0.5), "We're $up \"soon\""),
            "docker exec kamal-proxy kamal-proxy stop app-web --drain-timeout=\"0.5s\" --message=\"We're \\$up \\\"soon\\\"\""));

    private static async Task<string> DeployAsync(string lines, ShellWord? certificate = null)
    {
        var configuration = await ConfigurationFixture.LoadWithAsync(lines);
        return new ProxyCommands(configuration).Deploy("app-web",
            configuration.Roles[0].Proxy!, ShellWord.Variable("id"), certificate).Text;
    }

    private static async Task<ProxyCommands> CommandsAsync(string lines, string? destination = null) =>
        new(await ConfigurationFixture.LoadWithAsync(lines, destination));
}
