using System.Diagnostics;
using System.Globalization;
using System.Text;
using CsCheck;
using Kamal.Adapters.Yaml;
using Kamal.Engine.Configuration;
using Kamal.Engine.Configuration.Nodes;
using Xunit;

namespace Kamal.Engine.Tests.Configuration;

/// <summary>Whatever is in the file, the outcome is a configuration or problems, soon.</summary>
public sealed class HostileInputTests
{
    public static TheoryData<string, string> Files() => new()
    {
        { new string('[', 100_000), "nested deeper than 64 levels" },
        { string.Concat(Enumerable.Repeat("{a: ", 100_000)), "nested deeper than 64 levels" },
        { string.Concat(Enumerable.Range(0, 1000).Select(i => new string(' ', i) + "a:\n")), "nested deeper than 64 levels" },
        { Bomb(), "more than 200000 values after aliases are expanded" },
        { "a: &a [ *a ]", "the alias *a is inside its own anchor" },
        { "a: &a { b: { <<: *a } }", "the alias *a is inside its own anchor" },
        { "a: *nowhere", "the alias *nowhere has no anchor before it" },
        { "x: " + new string('a', 5_000_000), "larger than 4 MiB" },
        { "servers:\n\tweb: []", "this line is indented with a tab" },
        { "a: \u0001", "the control character U+0001" },
        { "a: 1\0", "the control character U+0000" },
        { "a: " + new string('1', 3_000_000), "unknown key" },
        { "a: 0b" + new string('_', 3_000_000), "unknown key" },
        { "a: [ 1", "invalid YAML" },
        { "a: 'x", "invalid YAML" },
        { "[ 1 ]", "the file should be a map of keys, but is a list" },
        { "", "the file is empty" },
        { "a: 1\n---\nb: 2", "a second YAML document begins here" },
        { "a: !ruby/object:Gem::Installer {}", "the YAML tag !ruby/object:Gem::Installer is not supported" },
        { "? { a: b }\n: c", "a key must be a string, not a map" },
        { "a:\n  <<: 3", "only a map, or a list of maps, can be merged" },
        { "- [ ,  , web, \n, ---", "invalid YAML" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task IsRefusedInBoundedTime(string text, string message)
    {
        using var fixture = new ConfigurationFixture().Write("config/deploy.yml", text);
        var started = Stopwatch.GetTimestamp();
        var problems = (await fixture.CheckAsync()).Problems;
        Assert.Contains(problems, problem => problem.Message.Contains(message, StringComparison.Ordinal));
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFE, 0x61, 0x00 }, 0, 0, "the file is UTF-16")]
    [InlineData(new byte[] { 0x61, 0x3A, 0x0A, 0x62, 0x3A, 0x20, 0xE9 }, 2, 4, "the byte 0xE9 is not valid UTF-8")]
    public async Task AWrongEncodingIsNamed(byte[] bytes, int line, int column, string message)
    {
        using var fixture = new ConfigurationFixture().Write("config/deploy.yml", "");
        await File.WriteAllBytesAsync(Path.Combine(fixture.Root, "config/deploy.yml"), bytes, TestContext.Current.CancellationToken);
        var problem = Assert.Single((await fixture.CheckAsync()).Problems);
        Assert.Equal((line, column), (problem.Line, problem.Column));
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AByteOrderMarkIsSkipped()
    {
        using var fixture = new ConfigurationFixture().Write("config/deploy.yml", "");
        await File.WriteAllTextAsync(
            Path.Combine(fixture.Root, "config/deploy.yml"), ConfigurationFixture.Minimal, new UTF8Encoding(true),
            TestContext.Current.CancellationToken);
        Assert.Equal("app", (await fixture.LoadAsync()).Service);
    }

    [Fact]
    public async Task ABombOfRolesAndHostsStaysFast()
    {
        var hosts = string.Join('\n', Enumerable.Range(0, 5000).Select(i => $"    - 10.0.{i / 250}.{i % 250}: [ a, b ]"));
        var configuration = await ConfigurationFixture.LoadWithAsync($"servers:\n  web:\n{hosts}\n");
        Assert.Equal(5000, configuration.AllHosts.Length);
    }

    [Fact]
    public void AnyTextIsReadOrRefused()
    {
        var piece = OneOf(
            "a", ": ", "\n", "  ", "- ", "[", "]", "{", "}", "*", "&", "'", "\"", "|", ">", "#", "<<", "!", "!!str ", "%", "?",
            ",", "é", "\t", "\r", "---", "...", "0x", "1:2", "\u2028", "web", "servers", "\\");
        piece.List[0, 60].Sample(
            pieces =>
            {
                var problems = new List<ConfigurationProblem>();
                var node = new YamlReader().Read(new(string.Concat(pieces), "f"), problems);
                Assert.True(node is not null || problems.Count > 0);
            },
            iter: 3000);
    }

    [Fact]
    public void AnyTreeIsAConfigurationOrProblems()
    {
        var scalar = OneOf("a", "1", "true", "~", "1.5", "\"\"", ":s", "22:22", "0600", "localhost:1", "x:y:z", "100%", "-1", "[]", "{}");
        var key = OneOf(
            "service", "image", "servers", "web", "hosts", "registry", "server", "username", "password", "proxy", "host", "ssl",
            "run", "publish", "bind_ips", "accessories", "db", "role", "tags", "env", "clear", "secret", "builder", "arch",
            "boot", "limit", "labels", "options", "restart", "files", "mode", "aliases", "hooks_output", "primary_role");
        var leaf = Gen.Select(key, scalar, (name, value) => $"{name}: {value}");
        var map = leaf.List[0, 4].Select(entries => $"{{ {string.Join(", ", entries)} }}");
        var value = Gen.OneOf(
            scalar, map, map.List[0, 3].Select(maps => $"[ {string.Join(", ", maps)} ]"),
            Gen.Select(key, map, (name, inner) => $"{{ {name}: {inner} }}"));
        var line = Gen.Select(key, value, (name, content) => $"{name}: {content}");
        using var fixture = new ConfigurationFixture();
        line.List[1, 8].Sample(
            lines =>
            {
                fixture.Write(
                    "config/deploy.yml",
                    ConfigurationFixture.Combine(string.Join('\n', lines.DistinctBy(each => each.Split(':')[0]))));
                var check = fixture.CheckAsync().GetAwaiter().GetResult();
                Assert.NotEqual(check.Configuration is null, check.Problems.IsEmpty);
                if (check.Configuration is { } configuration) Assert.NotEmpty(ConfigurationYaml.Print(configuration));
            },
            iter: 1500,
            threads: 1);
    }

    [Fact]
    public void MergeKeysFollowRuby()
    {
        var node = new YamlReader()
            .Read(new("a: 1\n<<: { a: 2, b: 3 }\nb: 4\nc:\n  <<: [ { x: 1 }, { x: 2, y: 2 } ]\n", "f"), new List<ConfigurationProblem>());
        var map = Assert.IsType<ConfigMap>(node);
        Assert.Equal(["2", "4"], new[] { "a", "b" }.Select(key => ((ConfigScalar)map[key]!).Text));
        Assert.Equal(["1", "2"], new[] { "x", "y" }.Select(key => ((ConfigScalar)((ConfigMap)map["c"]!)[key]!).Text));
    }

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static string Bomb()
    {
        var lines = new StringBuilder("a0: &a0 [ x, x, x, x, x, x, x, x, x, x ]\n");
        for (var i = 1; i < 40; i++)
        {
            lines.Append(CultureInfo.InvariantCulture, $"a{i}: &a{i} [ {string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))} ]\n");
        }
        return lines.ToString();
    }
}
