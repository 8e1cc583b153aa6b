using System.Text.Json;
using System.Text.Json.Nodes;
using Kamal.Adapters.Yaml;
using Kamal.Engine.Configuration;
using Kamal.Engine.Configuration.Nodes;
using Kamal.Engine.Configuration.Output;
using Xunit;

namespace Kamal.Engine.Tests.Configuration;

public sealed class ConfigurationYamlTests
{
    private const string Sha = "0123456789abcdef0123456789abcdef01234567";

    [Theory]
    [InlineData("assets", null)]
    [InlineData("destinations", "staging")]
    [InlineData("localregistry", null)]
    [InlineData("proxy", null)]
    [InlineData("simple", null)]
    public async Task PrintsWhatKamalPrints(string scenario, string? destination)
    {
        var root = Path.Combine(ConfigurationFixture.RepositoryRoot, "tests/conformance");
        var configuration = await new ConfigurationLoader(new YamlReader()).LoadAsync(
            new() { ProjectDirectory = Path.Combine(root, "scenarios", scenario, "app"), Destination = destination, Version = Sha },
            TestContext.Current.CancellationToken);
        var printed = ToJson(new YamlReader()
            .Read(new(ConfigurationYaml.Print(configuration), "f"), new List<ConfigurationProblem>())!)!.AsObject();
        var recorded = JsonNode.Parse((await File.ReadAllTextAsync(Path.Combine(root, "expected", scenario, "config.json"), TestContext.Current.CancellationToken)).Replace("<SHA1>", Sha, StringComparison.Ordinal))!["output"]!.AsObject();
        Assert.Equal(recorded.ToJsonString(), WithoutEmptyParts(printed).ToJsonString());
    }

    [Fact]
    public async Task PrintsKeysAsRubySymbolsAndHidesSecrets()
    {
        var configuration = await ConfigurationFixture.LoadWithAsync("""
            servers: { web: [ 1.1.1.1 ], jobs: [ 1.1.1.2 ] }
            registry: { username: user, password: hidden-1 }
            volumes: [ "/a:/b" ]
            builder: { arch: amd64, args: { RUBY_VERSION: '4.0' } }
            ssh: { user: app, proxy: jump, key_data: [ "-----BEGIN OPENSSH PRIVATE KEY----- hidden-3" ], log_level: error }
            logging: { driver: local, options: { max-size: 1m } }
            accessories: { db: { image: mysql, host: h, registry: { server: r, username: u, password: hidden-4 } } }
            """);
        Assert.Equal(
            """
            ---
            :roles:
            - jobs
            - web
            :hosts:
            - '1.1.1.2'
            - '1.1.1.1'
            - h
            :primary_host: '1.1.1.1'
            :version: v1
            :repository: dhh/app
            :absolute_image: dhh/app:v1
            :service_with_version: app-v1
            :volume_args:
            - '--volume'
            - /a:/b
            :ssh_options:
              :user: app
              :port: 22
              :proxy: root@jump
              :keepalive: true
              :keepalive_interval: 30
              :key_data:
              - '[REDACTED]'
              :log_level: error
            :sshkit: {}
            :builder:
              arch: amd64
              args:
                RUBY_VERSION: '4.0'
            :accessories:
              db:
                image: mysql
                host: h
                registry:
                  server: r
                  username: u
                  password: '[REDACTED]'
            :logging:
            - '--log-driver'
            - '"local"'
            - '--log-opt'
            - max-size="1m"

            """.ReplaceLineEndings("\n"),
            ConfigurationYaml.Print(configuration));
        Assert.DoesNotContain("hidden", configuration.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheObjectHidesAndShowsWhatTheYamlDoes()
    {
        var configuration = await ConfigurationFixture.LoadWithAsync("""
            servers: { web: [ 1.1.1.1 ] }
            registry: { username: user, password: hidden-1 }
            builder: { arch: amd64, remote: "tcp://build:hidden-9@builder:2376", args: { RUBY_VERSION: '4.0' }, cache: { type: gha, options: 'mode=max,token=hidden-2' } }
            ssh: { key_data: [ "-----BEGIN OPENSSH PRIVATE KEY-----\nhidden-3", KEY_NAME ] }
            logging: { driver: splunk, options: { splunk-token: hidden-5, splunk-url: "https://splunk" } }
            accessories: { db: { image: mysql, host: h, registry: { server: r, username: u, password: hidden-4 } } }
            output: { otel: { endpoint: "https://me:hidden-6@otel:4318/in?key=hidden-7" } }
            env: { clear: { GREETING: hello } }
            """);
        var view = ConfigurationView.Of(configuration);
        var json = JsonSerializer.Serialize(view);
        foreach (var text in (string[])[json, ConfigurationYaml.Print(configuration)])
        {
            Assert.DoesNotContain("hidden", text, StringComparison.Ordinal);
        }
        Assert.Equal(["[REDACTED]", "KEY_NAME"], view.Ssh.KeyData);
        Assert.Equal(("user", "4.0", "mode=max,token=[REDACTED]", "tcp://build:[REDACTED]@builder:2376"),
            (view.Registry.Username!.Plain, view.Builder.Args.Single().Value, view.Builder.Cache!.Options, view.Builder.Remote));
        Assert.Equal(("https://[REDACTED]@otel:4318/in?[REDACTED]", "hello", "https://splunk"),
            (view.Output.OtelEndpoint, view.Roles[0].Env.Clear.Single().Value, view.Logging.Options.Single(option => option.Name == "splunk-url").Value));
        Assert.Equal("https://me:hidden-6@otel:4318/in?key=hidden-7", configuration.Output.OtelEndpoint);
        Assert.Contains("hidden-3", configuration.Ssh.KeyData[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("")]
    [InlineData("yes")]
    [InlineData("y")]
    [InlineData("12")]
    [InlineData("1.5")]
    [InlineData("1:30")]
    [InlineData(":symbol")]
    [InlineData("a: b")]
    [InlineData("a #b")]
    [InlineData(" lead")]
    [InlineData("it's")]
    [InlineData("- x")]
    [InlineData("line\nbreak\ttab \\ \"q\"")]
    [InlineData("%x")]
    [InlineData("@x")]
    [InlineData("é\u2028\u0085")]
    [InlineData("~")]
    [InlineData("<<")]
    [InlineData("a:")]
    public void EveryTextComesBack(string text)
    {
        var node = new ConfigMap(
            default,
            [
                new("k", default, ConfigScalar.OfText(default, text)),
                new("l", default, new ConfigList(default, [ConfigScalar.OfText(default, text)]))]);
        var problems = new List<ConfigurationProblem>();
        var read = Assert.IsType<ConfigMap>(new YamlReader().Read(new(YamlWriter.Write(node), "f"), problems));
        Assert.Empty(problems);
        Assert.Equal((ScalarKind.Text, text), (((ConfigScalar)read["k"]!).Kind, ((ConfigScalar)read["k"]!).Text));
        Assert.Equal(text, ((ConfigScalar)((ConfigList)read["l"]!).Items[0]).Text);
    }

    private static JsonObject WithoutEmptyParts(JsonObject node) =>
        new(node.Where(pair => pair.Value is not (JsonObject { Count: 0 } or JsonArray { Count: 0 }))
            .Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));

    private static JsonNode? ToJson(ConfigNode node) => node switch
    {
        ConfigMap map => new JsonObject(map.Entries.Select(entry => KeyValuePair.Create(entry.Key.TrimStart(':'), ToJson(entry.Value)))),
        ConfigList list => new JsonArray([.. list.Items.Select(ToJson)]),
        ConfigScalar { Kind: ScalarKind.Boolean } scalar => scalar.IsTrue,
        ConfigScalar { Kind: ScalarKind.Integer } scalar => int.Parse(scalar.Text, System.Globalization.CultureInfo.InvariantCulture),
        // The kit's reader takes the shell's quotes away.
        ConfigScalar scalar => scalar.Text.Replace("\"", "", StringComparison.Ordinal),
        _ => null,
    };
}
