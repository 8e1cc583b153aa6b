namespace Kamal.Engine.Tests.Configuration;

/// <summary>The cases by <c>section/key</c> of the metadata.</summary>
public static partial class KeyCases
{
    private const string Integer = "should be an integer";
    private const string Boolean = "should be a boolean";
    private const string Text = "should be a string";
    private const string List = "should be a list";
    private const string Map = "should be a map";

    /// <summary>Where a section's keys stand, with <c>@</c> in place of <c>key: value</c>.</summary>
    public static IReadOnlyDictionary<string, string> Places { get; } = new Dictionary<string, string>
    {
        ["configuration"] = "@",
        ["accessory"] = "accessories:\n  db:\n    image: mysql\n    host: 1.1.1.9\n    @",
        [
            "accessory/files"] = "accessories:\n  db:\n    image: mysql\n    host: 1.1.1.9\n    files:\n      - local: a\n        " +
                "remote: /b\n        @",
        ["boot"] = "servers: [ 1.1.1.1, 1.1.1.2, 1.1.1.3, 1.1.1.4 ]\nboot:\n  @",
        ["builder"] = "builder:\n  arch: amd64\n  @",
        ["builder/pack"] = "builder:\n  arch: amd64\n  pack:\n    builder: b\n    @",
        ["builder/cache"] = "builder:\n  arch: amd64\n  cache:\n    type: registry\n    @",
        ["env"] = "env:\n  clear: {}\n  @",
        ["logging"] = "logging:\n  @",
        ["output"] = "output:\n  @",
        ["output/otel"] = "output:\n  otel:\n    @",
        ["output/file"] = "output:\n  file:\n    @",
        ["proxy"] = "proxy:\n  host: a.example.com\n  @",
        ["proxy/ssl"] = "proxy:\n  host: a.example.com\n  ssl:\n    certificate_pem: C\n    private_key_pem: K\n    @",
        ["proxy/healthcheck"] = "proxy:\n  healthcheck:\n    @",
        ["proxy/buffering"] = "proxy:\n  buffering:\n    @",
        ["proxy/logging"] = "proxy:\n  logging:\n    @",
        ["proxy/run"] = "proxy:\n  run:\n    @",
        ["registry"] = "registry:\n  username: u\n  password: [ PW ]\n  @",
        ["role"] = "servers:\n  web:\n    hosts: [ 1.1.1.1 ]\n    @",
        ["ssh"] = "ssh:\n  @",
        ["sshkit"] = "sshkit:\n  @",
        ["x-kamal-ps"] = "x-kamal-ps:\n  @",
        ["x-kamal-ps/builder"] = "x-kamal-ps:\n  builder:\n    @",
        ["x-kamal-ps/builder/dotnet"] = "x-kamal-ps:\n  builder:\n    dotnet:\n      @",
    };

    public static IReadOnlyDictionary<string, KeyCase> All { get; } =
        new[] { Root(), Sections(), Proxy(), Roles() }.SelectMany(part => part).ToDictionary();

    private static Dictionary<string, KeyCase> Root() => new()
    {
        ["configuration/service"] = new(
            "my-app_1", c => c.Accessories[0].ServiceName, "my-app_1-db", "\"my app\"",
            "letters, digits, hyphens and underscores, starting with")
        {
            Lines = "service: @\naccessories: { db: { image: x, host: h } }",
        },
        ["configuration/image"] = new("me/other", c => c.LatestImage, "me/other:latest", "[]", Text),
        ["configuration/labels"] = new(
            "{ a: b, c: \"\" }", c => c.Roles[0].Labels, "[a=b, c]", "{ role: x }", "service, role, destination are reserved"),
        ["configuration/volumes"] = new("[ \"/a:/b\", v:/c ]", c => c.Volumes, "[/a:/b, v:/c]", "/a:/b", List),
        ["configuration/registry"] = new("{ server: localhost:5000 }", c => c.Registry.LocalPort, "5000", "ghcr.io", Map),
        ["configuration/servers"] = new(
            "[ a, { b: [ x, y ] } ]", c => c.Roles[0].Hosts.Select(host => $"{host.Name}:{string.Join('+', host.Tags)}"),
            "[a:, b:x+y]", "1.1.1.1", "should be a list or a map"),
        ["configuration/env"] = new("{ A: 1, B: yes, C: \"\" }", c => c.Roles[0].Env.Clear, "[A=1, B=true, C]", "[ A ]", Map),
        ["configuration/asset_path"] = new(
            "/assets:ro", c => $"{c.Roles[0].AssetPath} {c.Roles[0].AssetPathOptions} {c.Roles[0].HasAssets}", "/assets ro True",
            "{}", Text),
        ["configuration/x-kamal-ps"] = new("{ max_failure: 2 }", c => c.Rollout.MaxFailure, "2", "[]", Map),
        ["configuration/hooks_path"] = new("/hooks", c => c.HooksPath, "/hooks", "[]", Text),
        ["configuration/hooks_output"] = new(
            "{ pre-deploy: :verbose, pre-build: quiet }",
            c => $"{c.HookOutputs["pre-deploy"]} {c.HookOutputs["pre-build"]} {c.HookOutput}", "Verbose Quiet Default", "loud",
            "should be one of quiet, verbose"),
        ["configuration/secrets_path"] = new("/s", c => c.SecretsPath, "/s", "{}", Text),
        ["configuration/error_pages_path"] = new("public", c => c.ErrorPagesPath, "public", "[]", Text),
        ["configuration/require_destination"] = new("false", c => c.Destination, "nothing", "true", "a destination is required"),
        ["configuration/primary_role"] = new(
            "jobs", c => c.PrimaryHost, "1.1.1.2", "jbs", "the role jbs is not defined (did you mean jobs?)")
        {
            Lines = "servers: { web: [ 1.1.1.1 ], jobs: [ 1.1.1.2 ] }\nprimary_role: @",
        },
        ["configuration/allow_empty_roles"] = new("true", c => c.FindRole("jobs")!.Hosts, "[]", "false", "the role jobs has no hosts")
        {
            Lines = "servers: { web: [ 1.1.1.1 ], jobs: [] }\nallow_empty_roles: @",
        },
        ["configuration/retain_containers"] = new("2", c => c.RetainContainers, "2", "0", "should be at least 1"),
        ["configuration/minimum_version"] = new("2.12.0", c => c.Service, "app", "2.13", "requires Kamal 2.13"),
        ["configuration/readiness_delay"] = new(
            "0", c => c.ReadinessDelay, "0s", "\"7\"", "should be an integer, but is text; write 7 without quotes"),
        ["configuration/deploy_timeout"] = new("60", c => c.DeployTimeout, "60s", "soon", Integer),
        ["configuration/drain_timeout"] = new("10", c => c.DrainTimeout, "10s", "-1", "should be at least 0"),
        ["configuration/stop_timeout"] = new("20", c => c.Roles[0].StopTimeout, "20", "long", Integer),
        ["configuration/run_directory"] = new("/etc/kamal", c => c.RunDirectory, "/etc/kamal", "[]", Text),
        ["configuration/ssh"] = new("{ user: app }", c => c.Ssh.User, "app", "app", Map),
        ["configuration/builder"] = new(
            "{ arch: arm64 }", c => c.Builder.Architectures, "[arm64]", "{}", "the required key arch is missing"),
        ["configuration/accessories"] = new(
            "{ db: { image: mysql, host: h } }", c => c.AllHosts, "[1.1.1.1, h]", "{ db: { host: h } }",
            "the required key image is missing"),
        ["configuration/proxy"] = new("{ host: a.example.com }", c => c.Roles[0].Proxy!.Hosts, "[a.example.com]", "false", Map),
        ["configuration/sshkit"] = new("{ dns_retries: 0 }", c => c.Sshkit.DnsRetries, "0", "[]", Map),
        ["configuration/boot"] = new("{ wait: 3 }", c => c.Boot.Wait, "3s", "3", Map),
        ["configuration/logging"] = new("{ driver: local }", c => c.Roles[0].Logging.Driver, "local", "local", Map),
        ["configuration/output"] = new("{ file: { path: logs } }", c => c.Output.FilePath, "logs", "{ file: logs }", Map),
        ["configuration/aliases"] = new(
            "{ con: app exec bash }", c => c.Aliases["con"], "app exec bash", "{ deploy: x }",
            "deploy is a Kamal command; choose another name"),
    };

    private static Dictionary<string, KeyCase> Sections() => new()
    {
        ["x-kamal-ps/on_host_failure"] = new(
            "rollback", c => c.Rollout.OnHostFailure, "Rollback", "give_up", "should be one of stop, continue, rollback"),
        ["x-kamal-ps/max_failure"] = new("20%", c => c.Rollout.MaxFailure, "20%", "120%", "a number of hosts or a percentage"),
        ["x-kamal-ps/watch"] = new("2m", c => c.Rollout.Watch, "120s", "soon", "should be a time such as 30s or 2m"),
        ["x-kamal-ps/max_error_rate"] = new("2.5%", c => c.Rollout.MaxErrorRate, "2.5", "101%", "a percentage from 0 to 100"),
        ["x-kamal-ps/skip_unreachable"] = new("true", c => c.Rollout.SkipUnreachable, "true", "2", Boolean),
        ["x-kamal-ps/exclude_hosts"] = new(
            "[ 1.1.1.1, \"2.*\" ]", c => c.Rollout.ExcludedHosts, "[1.1.1.1, 2.*]", "[ 1.1.1.7 ]",
            "1.1.1.7 is not a host of the configuration (did you mean 1.1.1.1?)"),
        ["x-kamal-ps/transfer"] = new("direct", c => c.Transfer, "Direct", "fast", "should be one of registry, direct"),
        ["x-kamal-ps/builder"] = new("{ dotnet: {} }", c => c.Builder.UsesDotnet, "true", "dotnet", Map),
        ["x-kamal-ps/builder/dotnet"] = new("{ project: a }", c => c.Builder.Dotnet!.Project, "a", "a", Map),
        ["x-kamal-ps/builder/dotnet/project"] = new(
            "../src/App.csproj", c => c.Builder.Dotnet!.Project, "../src/App.csproj", "App.sln", "not of a solution"),
        ["x-kamal-ps/builder/dotnet/configuration"] = new("Debug", c => c.Builder.Dotnet!.Configuration, "Debug", "\"a b\"", "letters"),
        ["x-kamal-ps/builder/dotnet/framework"] = new("net10.0", c => c.Builder.Dotnet!.Framework, "net10.0", "[]", Text),
        ["x-kamal-ps/builder/dotnet/self_contained"] = new("true", c => c.Builder.Dotnet!.SelfContained, "true", "2", Boolean),
        ["x-kamal-ps/builder/dotnet/musl"] = new("true", c => c.Builder.Dotnet!.Musl, "true", "2", Boolean),
        ["x-kamal-ps/builder/dotnet/properties"] = new(
            "{ A: \"x;y\", B: false }", c => c.Builder.Dotnet!.Properties, "[A=x;y, B=false]", "{ a.b: c }", "the name of an MSBuild"),
        ["boot/limit"] = new("60%", c => c.Boot.Limit, "2", "most", "a number of hosts or a percentage"),
        ["boot/wait"] = new("10", c => c.Boot.Wait, "10s", "a while", Integer),
        ["boot/parallel_roles"] = new("true", c => c.Boot.ParallelRoles, "true", "2", Boolean),
        ["builder/arch"] = new(
            "[ amd64, arm64 ]", c => c.Builder.Architectures, "[amd64, arm64]", "amd46",
            "amd46 is not an architecture that Docker knows (did you mean amd64?)")
        {
            Lines = "builder:\n  arch: @",
        },
        ["builder/remote"] = new("ssh://docker@b", c => c.Builder.Remote, "ssh://docker@b", "{}", Text),
        ["builder/local"] = new("true", c => c.Builder.Local, "true", "false", "local: false requires a remote builder"),
        ["builder/pack"] = new("{ builder: heroku/builder:24 }", c => c.Builder.UsesPack, "true", "true", Map),
        ["builder/pack/builder"] = new("heroku/builder:24", c => c.Builder.PackBuilder, "heroku/builder:24", "[]", Text)
        {
            Lines = "builder:\n  arch: amd64\n  pack:\n    builder: @",
        },
        ["builder/pack/buildpacks"] = new("[ a, b ]", c => c.Builder.Buildpacks, "[a, b]", "a", List),
        ["builder/cache"] = new("{ type: gha }", c => c.Builder.Cache!.Type, "gha", "gha", Map),
        ["builder/cache/type"] = new("registry", c => c.Builder.Cache!.Type, "registry", "s3", "should be one of gha, registry")
        {
            Lines = "builder:\n  arch: amd64\n  cache:\n    type: @",
        },
        ["builder/cache/options"] = new("mode=max", c => c.Builder.Cache!.Options, "mode=max", "[]", Text),
        ["builder/cache/image"] = new("app-cache", c => c.Builder.Cache!.Image, "app-cache", "{}", Text),
        ["builder/context"] = new(".", c => c.Builder.Context, ".", "[]", Text),
        ["builder/dockerfile"] = new("Dockerfile.x", c => c.Builder.Dockerfile, "Dockerfile.x", "[]", Text),
        ["builder/target"] = new("production", c => c.Builder.Target, "production", "[]", Text),
        ["builder/args"] = new("{ RUBY: 3.3, PASS: }", c => c.Builder.Args, "[RUBY=3.3, PASS]", "[ A ]", Map),
        ["builder/secrets"] = new("[ A, B ]", c => c.Builder.Secrets, "[A, B]", "A", List),
        ["builder/ssh"] = new("default", c => c.Builder.Ssh, "default", "[]", Text),
        ["builder/driver"] = new("cloud org/b", c => c.Builder.UsesCloud, "true", "[]", Text),
        ["builder/provenance"] = new("false", c => c.Builder.Provenance, "false", "[]", Text),
        ["builder/sbom"] = new("true", c => c.Builder.Sbom, "true", "{}", Text),
        ["env/clear"] = new(
            "{ A: false }", c => c.Roles[0].Env.Clear, "[A=false]", "{ A: }",
            "should be a string, but is empty; write \"\" for an empty string")
        {
            Lines = "env:\n  secret: []\n  clear: @",
        },
        ["env/secret"] = new("[ A, \"B:C\" ]", c => c.Roles[0].Env.Secret, "[A<A, B<C]", "{ A: b }", List),
        ["env/tags"] = new("{ t: { A: tagged } }", c => c.EnvFor(c.Roles[0], "1.1.1.1").Clear, "[A=tagged]", "{ t: x }", Map)
        {
            Lines = "servers: [ { 1.1.1.1: t } ]\nenv:\n  clear: { A: root }\n  tags: @",
        },
        ["logging/driver"] = new("local", c => c.Logging.Driver, "local", "[]", Text),
        ["logging/options"] = new("{ max-size: 5m, max-file: 3 }", c => c.Logging.Options, "[max-size=5m, max-file=3]", "max-size=5m", Map),
        ["output/otel"] = new(
            "{ endpoint: \"http://o:4318\" }", c => c.Output.OtelEndpoint, "http://o:4318", "{}",
            "the required key endpoint is missing"),
        ["output/otel/endpoint"] = new(
            "https://o", c => c.Output.OtelEndpoint, "https://o", "o:4318", "a URL that begins with http:// or https://"),
        ["output/file"] = new("{ path: x }", c => c.Output.FilePath, "x", "{}", "the required key path is missing"),
        ["output/file/path"] = new("x", c => c.Output.FilePath, "x", "[]", Text),
        ["registry/server"] = new(
            "ghcr.io", c => c.Repository, "ghcr.io/dhh/app", "localhost:none", "a local registry must be localhost:PORT"),
        ["registry/username"] = new("[ U ]", c => c.Registry.Username, "secret U", "[ A, B ]", "should be a list with one entry, but has 2")
        {
            Lines = "registry:\n  password: [ PW ]\n  username: @",
        },
        ["registry/password"] = new("plain", c => c.Registry.Password, "literal plain", "\"\"", "should not be empty")
        {
            Lines = "registry:\n  username: u\n  password: @",
        },
        ["ssh/user"] = new("app", c => c.Ssh.User, "app", "[]", Text),
        ["ssh/port"] = new("\"2222\"", c => c.Ssh.Port, "2222", "ssh", "a port number"),
        ["ssh/proxy"] = new("me@jump", c => c.Ssh.Proxy, "me@jump", "[]", Text),
        ["ssh/proxy_command"] = new("nc %h %p", c => c.Ssh.ProxyCommand, "nc %h %p", "[]", Text),
        ["ssh/log_level"] = new(":debug", c => c.Ssh.LogLevel, "debug", "debgu", "(did you mean debug?)"),
        ["ssh/keys_only"] = new("true", c => c.Ssh.KeysOnly, "true", "k", Boolean),
        ["ssh/keys"] = new("[ a, b ]", c => c.Ssh.Keys, "[a, b]", "a", List),
        ["ssh/key_data"] = new("[ KEY ]", c => c.Ssh.KeyData, "[KEY]", "KEY", List),
        ["ssh/config"] = new(
            "[ a ]", c => $"{c.Ssh.UseConfigFiles} {string.Join(' ', c.Ssh.ConfigFiles)}", "True a", "1",
            "should be a boolean or a string or a list"),
        ["ssh/forward_agent"] = new("false", c => c.Ssh.ForwardAgent, "false", "n", Boolean),
        ["sshkit/max_concurrent_starts"] = new("10", c => c.Sshkit.MaxConcurrentStarts, "10", "0", "should be at least 1"),
        ["sshkit/pool_idle_timeout"] = new("300", c => c.Sshkit.PoolIdleTimeout, "300s", "x", Integer),
        ["sshkit/dns_retries"] = new("\"5\"", c => c.Sshkit.DnsRetries, "5", "often", "a number"),
    };
}
