using System.Diagnostics;
using System.Globalization;
using System.Text;
using Kamal.Adapters.Yaml;
using Kamal.Engine.Configuration;

const int Warmup = 20;
const int Runs = 100;

var directory = Directory.CreateTempSubdirectory("kamal-bench-");
try
{
    Directory.CreateDirectory(Path.Combine(directory.FullName, "config"));
    File.WriteAllText(Path.Combine(directory.FullName, "config/deploy.yml"), LargeConfiguration());
    File.WriteAllText(Path.Combine(directory.FullName, "config/deploy.production.yml"), "env:\n  clear:\n    STAGE: production\n");
    var request = new ConfigurationRequest { ProjectDirectory = directory.FullName, Destination = "production", Version = "v1" };
    var yaml = new YamlReader();
    var loader = new ConfigurationLoader(yaml);

    var processor = Process.GetCurrentProcess().TotalProcessorTime;
    var started = Stopwatch.GetTimestamp();
    var configuration = await loader.LoadAsync(request, CancellationToken.None);
    var cold = Stopwatch.GetElapsedTime(started);
    Console.WriteLine(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{configuration.AllHosts.Length} hosts, {configuration.Roles.Length} roles, {configuration.Accessories.Length} " +
            $"accessories; first load {cold.TotalMilliseconds:0.0} ms, of which " +
            $"{(Process.GetCurrentProcess().TotalProcessorTime - processor).TotalMilliseconds:0} ms of processor time"));

    await MeasureAsync("load", () => loader.LoadAsync(request, CancellationToken.None));
    await MeasureAsync("names for completion", () => Task.FromResult(ConfigurationNames.Read(yaml, request)));
    await MeasureAsync("print as YAML", () => Task.FromResult(ConfigurationYaml.Print(configuration)));
}
finally
{
    directory.Delete(recursive: true);
}

static async Task MeasureAsync<T>(string what, Func<Task<T>> action)
{
    for (var i = 0; i < Warmup; i++) await action();
    var times = new List<double>(Runs);
    for (var i = 0; i < Runs; i++)
    {
        var started = Stopwatch.GetTimestamp();
        await action();
        times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    times.Sort();
    Console.WriteLine(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{what,-22} best {times[0],6:0.00} ms   median {times[Runs / 2],6:0.00} ms   90 % {times[Runs * 9 / 10],6:0.00} ms   " +
            $"worst {times[^1],6:0.00} ms"));
}

// 200 hosts in 10 roles, 20 accessories, with what real files have: tags, env, options, a proxy section, templates.
static string LargeConfiguration()
{
    var text = new StringBuilder("""
        service: big
        image: me/big
        x-options: &options
          memory: 2g
          cpus: 2
        registry:
          server: registry.example.com
          username: <%= ENV.fetch("BENCH_USER", "me") %>
          password: [ KAMAL_REGISTRY_PASSWORD ]
        builder:
          arch: [ amd64, arm64 ]
          args: { RUBY_VERSION: 3.4 }
        env:
          clear: { DB_HOST: db.example.com, LOG_LEVEL: info }
          secret: [ RAILS_MASTER_KEY, DATABASE_PASSWORD ]
          tags:
            canary: { CANARY: "1" }
        proxy:
          host: big.example.com
          app_port: 3000
          healthcheck: { path: /up, interval: 2 }
        servers:

        """);
    for (var role = 0; role < 10; role++)
    {
        text.Append(CultureInfo.InvariantCulture, $"  {(role == 0 ? "web" : $"role{role}")}:\n    hosts:\n");
        for (var host = 0; host < 20; host++)
        {
            text.Append(CultureInfo.InvariantCulture, $"      - 10.0.{role}.{host}{(host == 0 ? ": canary" : "")}\n");
        }
        text.Append(
            CultureInfo.InvariantCulture,
            $"    cmd: bin/role {role}\n    options:\n      <<: *options\n    env:\n      clear: {{ ROLE: \"{role}\" }}\n      " +
            $"secret: [ ROLE_KEY ]\n    labels: {{ team: t{role} }}\n");
    }

    text.Append("accessories:\n");
    for (var i = 0; i < 20; i++)
    {
        text.Append(
            CultureInfo.InvariantCulture,
            $"  service{i}:\n    image: redis:7\n    host: 10.1.0.{i}\n    port: \"127.0.0.1:{6000 + i}:6379\"\n    env:\n      " +
            $"clear: {{ A: b }}\n      secret: [ KEY{i} ]\n    files: [ \"config/redis.conf:/etc/redis.conf\" ]\n    directories: [ " +
            $"\"data:/data\" ]\n    volumes: [ \"v{i}:/v\" ]\n");
    }

    return text.ToString();
}
