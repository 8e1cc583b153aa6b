using Kamal.Adapters.Yaml;
using Kamal.Engine.Configuration;
using Xunit;

namespace Kamal.Engine.Tests.Configuration;

/// <summary>The files of the conformance suite load, with what the real Kamal made of them.</summary>
public sealed class ConformanceFilesTests
{
    public static TheoryData<string> Scenarios() =>
        [.. Directory.GetDirectories(Path.Combine(ConfigurationFixture.RepositoryRoot, "tests/conformance/scenarios"))
            .Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Loads(string scenario)
    {
        var configuration = await LoadAsync(scenario, scenario == "destinations" ? "staging" : null);
        Assert.NotEmpty(configuration.AllHosts);
    }

    [Fact]
    public async Task RolesMergeEnvLoggingAndLabels()
    {
        var configuration = await LoadAsync("roles");
        var workers = configuration.FindRole("workers")!;
        Assert.Equal("user", configuration.Registry.Username!.Literal!.Reveal());
        Assert.Equal(["web", "workers"], configuration.Roles.Select(role => role.Name));
        Assert.Equal(
            [
                new("DB", "worker-db"), new("UNICODE", "héllo ✓"), new("QUOTE", "say \"hi\" `now` $(date) ${HOME}"),
                new("QUEUE", "high,low"), new("NUM", "3"), new("EMPTY", null), new("BOOL", "false"), new("MULTI", "line1\nline2")],
            workers.Env.Clear);
        Assert.Equal(new("RENAMED", "SHARED_SECRET"), workers.Env.Secret[^1]);
        Assert.Equal("local", workers.Logging.Driver);
        Assert.Equal([new("max-size", "20m"), new("max-file", "3"), new("tag", "{{.Name}} x")], workers.Logging.Options);
        Assert.Equal([new("team", "a b"), new("my-label", "workers"), new("boolean", "true")], workers.Labels);
        Assert.Equal(("25", "12"), (workers.StopTimeout, configuration.FindRole("web")!.StopTimeout));
        Assert.Equal(
            [
                new("memory", "512m"), new("cpus", "2"), new("health-cmd", "curl -f http://localhost/up || exit 1"),
                new("cap-add", "NET_ADMIN"), new("cap-add", "SYS_TIME"), new("init", null)],
            configuration.FindRole("web")!.Options);
        Assert.Contains(new EnvVariable("clear_like", "true"), configuration.EnvFor(workers, "127.0.0.13").Clear);
        Assert.Equal("3.3", configuration.Builder.Args[0].Value);
        Assert.False(workers.IsProxied);
    }

    [Fact]
    public async Task ProxyOfARoleIsMergedOverTheRoots()
    {
        var configuration = await LoadAsync("proxy");
        var admin = configuration.FindRole("admin")!.Proxy!;
        Assert.Equal(["admin.example.com"], admin.Hosts);
        Assert.True(admin.HasCustomCertificate);
        Assert.Equal(3000, admin.AppPort);
        Assert.Equal("2000000", admin.BufferMemory);
        var api = configuration.FindRole("api")!.Proxy!;
        Assert.Equal((4000, false, "10"), (api.AppPort, api.HasCustomCertificate, api.ResponseTimeout));
        Assert.Null(configuration.FindRole("jobs")!.Proxy);
        Assert.Equal(new("label", "custom.label=kamal proxy"), api.Run!.Options[0]);
        Assert.Equal(new("privileged", null), api.Run.Options[^1]);
    }

    [Fact]
    public async Task AccessoriesFindTheirHostsByHostRoleAndTag()
    {
        var configuration = await LoadAsync("accessories");
        Assert.Equal(["127.0.0.11", "127.0.0.12"], configuration.FindAccessory("redis")!.Hosts);
        Assert.Equal(["127.0.0.12"], configuration.FindAccessory("search")!.Hosts);
        Assert.Equal("other.example.com/redis:latest", configuration.FindAccessory("redis")!.Image);
        Assert.Equal("6379:6379", configuration.FindAccessory("redis")!.Port);
        var mysql = configuration.FindAccessory("mysql")!;
        Assert.Equal(("always", "127.0.0.1:3306:3306"), (mysql.RestartPolicy, mysql.Port));
        Assert.Equal([new DockerOption("cpus", "2")], mysql.Options);
        Assert.Equal(new AccessoryPath("config/myoptions.cnf", "/etc/mysql/opts.cnf") { Options = "ro" }, mysql.Files[1]);
        Assert.Equal(
            new AccessoryPath("config/secret.key", "/etc/mysql/secret.key") { Mode = "0600", Owner = "mysql:mysql", Options = "Z" },
            mysql.Files[2]);
    }

    private static Task<KamalConfiguration> LoadAsync(string scenario, string? destination = null) =>
        new ConfigurationLoader(new YamlReader()).LoadAsync(
            new()
            {
                ProjectDirectory = Path.Combine(ConfigurationFixture.RepositoryRoot, "tests/conformance/scenarios", scenario, "app"),
                Destination = destination,
            },
            TestContext.Current.CancellationToken);
}
