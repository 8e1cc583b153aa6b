using System.Text;
using CsCheck;
using Kamal.Engine.Configuration;
using Kamal.Engine.Configuration.Metadata;
using Xunit;

namespace Kamal.Engine.Tests.Configuration;

/// <summary>Every key that takes a name refuses what no name is, and says where it stands.</summary>
public sealed class HostileNameTests
{
    private const string Accessory = "accessories:\n  db:\n    image: mysql\n    host: 1.1.1.9\n    ";

    /// <summary>What a shell, a terminal, a file system or an option parser would make something of, in no name of any kind.</summary>
    private static readonly string[] Pieces =
        [
            "$(:>pwned)", "`:>pwned`", ";:>pwned", "|:>pwned", "&:>pwned", "\n:>pwned\n", "\"", "'", "\u001b[2J", "\u0007", "<x",
            ">x", "(", "\\", "\u0000", "\r", "\t", "\u007f"];

    public static TheoryData<string, string> Names() => new()
    {
        { "service: @", "app" },
        { "image: @", "me/app" },
        { "labels: { @: x }", "team" },
        { "volumes: [ @ ]", "data:/data" },
        { "servers: [ @ ]", "web1" },
        { "servers: [ { @: tag } ]", "web1" },
        { "servers: [ { web1: @ } ]", "tag" },
        { "servers: [ { web1: [ a, @ ] } ]", "tag" },
        { "servers: { web: [ a ], @: [ b ] }", "jobs" },
        { "servers: { web: { hosts: [ @ ] } }", "web1" },
        { "servers: { web: { hosts: [ a ], options: { @: 1 } } }", "cpus" },
        { "servers: { web: { hosts: [ a ], labels: { @: 1 } } }", "team" },
        { "servers: { web: { hosts: [ a ], env: { @: 1 } } }", "RAILS_ENV" },
        { "servers: { web: { hosts: [ a ], env: { secret: [ @ ] } } }", "DB_PASSWORD" },
        { "servers: { web: { hosts: [ a ], logging: { driver: @ } } }", "local" },
        { "servers: { web: { hosts: [ a ], proxy: { host: @ } } }", "a.example.com" },
        { "primary_role: @", "web" },
        { "run_directory: @", "/etc/kamal" },
        { "hooks_output: { @: quiet }", "pre-deploy" },
        { "registry:\n  username: u\n  password: [ PW ]\n  server: @", "ghcr.io" },
        { "registry:\n  username: u\n  password: [ @ ]", "PW" },
        { "registry:\n  username: [ @ ]\n  password: [ PW ]", "REGISTRY_USER" },
        { "env: { @: x }", "RAILS_ENV" },
        { "env: { clear: { @: x } }", "RAILS_ENV" },
        { "env: { secret: [ @ ] }", "NAME:KEY" },
        { "env: { tags: { @: { A: b } } }", "writer" },
        { "logging: { driver: @ }", "json-file" },
        { "logging: { options: { @: x } }", "max-size" },
        { "ssh: { user: @ }", "deploy" },
        { "ssh: { proxy: @ }", "me@jump" },
        { "builder: { arch: amd64, remote: @ }", "ssh://me@builder" },
        { "builder: { arch: amd64, target: @ }", "production" },
        { "builder: { arch: amd64, driver: @ }", "cloud org/builder" },
        { "builder: { arch: amd64, args: { @: x } }", "RUBY_VERSION" },
        { "builder: { arch: amd64, secrets: [ @ ] }", "TOKEN" },
        { "builder: { arch: amd64, cache: { type: registry, image: @ } }", "me/cache" },
        { "builder: { arch: amd64, pack: { builder: @ } }", "heroku/builder:24" },
        { "proxy: { host: @ }", "a.example.com" },
        { "proxy: { hosts: [ @ ] }", "*.example.com" },
        { "proxy: { host: a.example.com, ssl: { certificate_pem: @, private_key_pem: K } }", "CERT" },
        { "proxy: { host: a.example.com, ssl: { certificate_pem: C, private_key_pem: @ } }", "KEY" },
        { "proxy: { run: { registry: @ } }", "registry:4443" },
        { "proxy: { run: { repository: @ } }", "me/kamal-proxy" },
        { "proxy: { run: { version: @ } }", "v0.9.2" },
        { "proxy: { run: { options: { @: x } } }", "memory" },
        { "aliases: { @: app logs }", "logs-1" },
        { "accessories: { @: { image: mysql, host: a } }", "db" },
        { Accessory + "service: @", "shared-db" },
        { "accessories: { db: { image: @, host: a } }", "ghcr.io/me/mysql:8.0@sha256:0123" },
        { "accessories: { db: { image: mysql, host: @ } }", "root@db1:2222" },
        { "accessories: { db: { image: mysql, hosts: [ @ ] } }", "[::1]:2222" },
        { "accessories: { db: { image: mysql, role: @ } }", "web" },
        { "accessories: { db: { image: mysql, roles: [ @ ] } }", "web" },
        { "accessories: { db: { image: mysql, tag: @ } }", "writer" },
        { "accessories: { db: { image: mysql, tags: [ @ ] } }", "writer" },
        { Accessory + "network: @", "custom" },
        { Accessory + "labels: { @: x }", "traefik.http.routers.x@docker" },
        { Accessory + "options: { @: x }", "cpus" },
        { Accessory + "env: { @: x }", "MYSQL_HOST" },
        { Accessory + "env: { secret: [ @ ] }", "ROOT_PASSWORD" },
        { Accessory + "volumes: [ @ ]", "$HOME/data:/data" },
        { Accessory + "directories: [ @ ]", "logs:/var/log" },
        { Accessory + "directories: [ { local: @, remote: /x } ]", "logs" },
        { Accessory + "directories: [ { local: x, remote: @ } ]", "/var/log" },
        { Accessory + "files: [ { local: x, remote: @ } ]", "/etc/x" },
        { Accessory + "files: [ { local: x, remote: /x, owner: @ } ]", "mysql:mysql" },
        { Accessory + "files: [ { local: x, remote: /x, options: @ } ]", "ro" },
        { Accessory + "registry: { server: @, username: u, password: [ P ] }", "ghcr.io" },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public async Task IsRefusedWithItsPlace(string lines, string good)
    {
        using var fixture = new ConfigurationFixture();
        await ConfigurationFixture.LoadWithAsync(lines.Replace("@", Quoted(good), StringComparison.Ordinal));
        // Paths may hold what a shell reads, for they are always quoted; but nothing that a terminal or a line of a file would obey.
        var isPath = lines.Contains("run_directory", StringComparison.Ordinal)
            || lines.Contains("remote: ", StringComparison.Ordinal)
            || lines.Contains("director", StringComparison.Ordinal);
        var pieces = isPath && !lines.Contains("builder", StringComparison.Ordinal)
            ? Pieces.Where(piece => piece.Any(char.IsControl)).ToArray()
            : Pieces;
        Gen.Select(Gen.Int[0, pieces.Length - 1], Gen.Int[0, good.Length]).Sample(
            (piece, at) =>
            {
                // A backslash parts a domain from an account in it.
                if (pieces[piece] == "\\"
                    && (lines.Contains("user", StringComparison.Ordinal) || good.Contains('@', StringComparison.Ordinal))
                    && at < good.Length) return;
                Refuses(fixture, lines, good.Insert(at, pieces[piece]));
            },
            iter: 25, threads: 1);
        if (!lines.Contains("image: @", StringComparison.Ordinal)
            && !lines.Contains("aliases", StringComparison.Ordinal)) Refuses(fixture, lines, "-" + good);
        if (!lines.Contains("host", StringComparison.Ordinal)
            && !lines.Contains("image: @", StringComparison.Ordinal)) Refuses(fixture, lines, "");
    }

    [Theory]
    [InlineData("servers: { web: [ a ], @: [ b ] }")]
    [InlineData("accessories: { @: { image: mysql, host: a } }")]
    [InlineData(Accessory + "service: @")]
    [InlineData("run_directory: @")]
    [InlineData("proxy: { run: { version: @ } }")]
    [InlineData(Accessory + "directories: [ { local: @, remote: /x } ]")]
    [InlineData(Accessory + "directories: [ \"@:/x\" ]")]
    [InlineData(Accessory + "files: [ { local: x, remote: @ } ]")]
    [InlineData(Accessory + "files: [ \"x:@\" ]")]
    public void LeavesNoDirectory(string lines)
    {
        using var fixture = new ConfigurationFixture();
        foreach (var value in new[] { "..", "../x", "../../tmp/v", "a/../../b", "/../../etc/passwd", "a/.." })
        {
            if (lines.Contains("\"@", StringComparison.Ordinal)
                || lines.Contains("@\"", StringComparison.Ordinal)) RefusesText(fixture, lines.Replace(
                    "@", value, StringComparison.Ordinal));
            else Refuses(fixture, lines, value);
        }
    }

    [Theory]
    [InlineData(Accessory + "service: /")]
    [InlineData(Accessory + "service: .")]
    [InlineData(Accessory + "service: a/b")]
    [InlineData("servers: [ \"127.0.0.1,*\" ]")]
    [InlineData("servers: [ \"*\" ]")]
    [InlineData("servers: [ \"web?\" ]")]
    [InlineData("servers: [ \"!web\" ]")]
    [InlineData("servers: [ \"-oProxyCommand=x\" ]")]
    [InlineData("servers: [ \"me@-oProxyCommand=x\" ]")]
    [InlineData("servers: [ \"-l@web1\" ]")]
    [InlineData("servers: [ \"web1 web2\" ]")]
    [InlineData("ssh: { proxy: \"a,-oProxyCommand=x\" }")]
    [InlineData("image: Me/App")]
    [InlineData("image: me/app:v1")]
    [InlineData("registry: { server: \"https://ghcr.io\", username: u, password: [ P ] }")]
    [InlineData(Accessory + "volumes: [ \"$(id):/x\" ]")]
    [InlineData(Accessory + "volumes: [ \"${x:-$(id)}:/x\" ]")]
    [InlineData(Accessory + "files: [ { local: x, remote: /x, owner: --reference=/etc/shadow } ]")]
    public void IsNoName(string lines)
    {
        using var fixture = new ConfigurationFixture();
        RefusesText(fixture, lines);
    }

    [Theory]
    [InlineData("service: My_app-1")]
    [InlineData("servers: { web: [ a ], job_1-low: [ b ], _x: [ c ], \"2nd\": [ d ], a.b: [ e ] }")]
    [
        InlineData(
            "servers: [ web1, \"me@web1:22\", \"fe80::1%eth0\", \"::1\", \"[::1]:2222\", \"me@[2001:db8::1]:22\", " +
            "\"ssh://me@web1:22\", web_1.example.com, \"me@corp.example.com@web1\", \"DOMAIN\\\\me@web1\", münchen.example.de, 10.0.0.1 ]")]
    [
        InlineData(
            "volumes: [ data:/data, \"/a:/b:ro,z\", \"~/x:/x\", \"./x:/x\", \"$HOME/x:/x\", \"${HOME}/x:/x\", \"$(pwd)/x:/x\", " +
            "\"${DATA:-/srv}/x:/x\", /anonymous, \"/with blank/x:/x\" ]")]
    [InlineData("image: registry.example.com:5000/me/my__app.web-x")]
    [InlineData("registry: { server: \"registry.example.com:5000/team\", username: u, password: [ P ] }")]
    [InlineData("registry: { server: \"123456789012.dkr.ecr.eu-west-1.amazonaws.com\", username: AWS, password: [ P ] }")]
    [InlineData("proxy: { host: \"a.example.com, b.example.com\" }")]
    [InlineData("ssh: { proxy: \"me@jump:2222,other\" }")]
    [InlineData("env: { Logging__LogLevel: x, spring.datasource.url: y, \"A:B\": z, _X: 1 }")]
    [InlineData("labels: { \"traefik.http.routers.app.rule\": \"Host(`a`)\", com.example/x: y }")]
    [InlineData(Accessory + "network: host")]
    [InlineData(Accessory + "network: \"container:other\"")]
    [InlineData(Accessory + "service: my.app_db-1")]
    [InlineData(Accessory + "files: [ \"../shared/my.cnf:/etc/my.cnf\", \"config/x.erb:/etc/x:ro,Z\" ]")]
    [InlineData(Accessory + "directories: [ \"data/..x:/x\", \"/srv/x:/y\" ]")]
    [InlineData(Accessory + "port: \"127.0.0.1:5432:5432\"")]
    public async Task WhatIsInUseLoads(string lines) => await ConfigurationFixture.LoadWithAsync(lines);

    [Theory]
    [InlineData("../../tmp/v")]
    [InlineData("v1+build")]
    [InlineData("feature/x")]
    [InlineData("$(id)")]
    [InlineData("-x")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("v1\n")]
    public async Task AVersionIsATag(string version)
    {
        using var fixture = new ConfigurationFixture().Write("config/deploy.yml", ConfigurationFixture.Minimal);
        var loader = new ConfigurationLoader(new Kamal.Adapters.Yaml.YamlReader());
        var error = await Assert.ThrowsAsync<KamalException>(() =>
            loader.LoadAsync(new() { ProjectDirectory = fixture.Root, Version = version }, TestContext.Current.CancellationToken));
        Assert.Equal(KamalErrorId.ArgumentInvalid, error.Id);
        Assert.Contains("an image tag", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("../../x")]
    [InlineData("a/b")]
    [InlineData("$(id)")]
    [InlineData("-x")]
    [InlineData("..")]
    [InlineData("a b")]
    public async Task ADestinationIsAPartOfAName(string destination)
    {
        using var fixture = new ConfigurationFixture().Write("config/deploy.yml", ConfigurationFixture.Minimal);
        Assert.Equal(KamalErrorId.ArgumentInvalid, (await Assert.ThrowsAsync<KamalException>(() => fixture.LoadAsync(destination))).Id);
    }

    [Fact]
    public void TheRulesAreLinear()
    {
        var texts = new[]
        {
            new string('a', 4000),
            string.Concat(Enumerable.Repeat("a-", 2000)),
            string.Concat(Enumerable.Repeat("a/", 2000)) + "!",
            new string('@', 4000),
            string.Concat(Enumerable.Repeat("a@", 2000)) + "!",
        };
        var rules = typeof(Engine.Configuration.Metadata.Names)
            .GetFields(System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.Public)
            .Select(field => field.GetValue(null)).OfType<NameRule>().ToList();
        Assert.True(rules.Count > 15);
        foreach (var rule in rules)
        {
            foreach (var text in texts) _ = rule.Accepts(text);
        }
    }

    private static void Refuses(ConfigurationFixture fixture, string lines, string value)
    {
        var text = lines.Replace("@", Quoted(value), StringComparison.Ordinal);
        var at = lines[..lines.IndexOf('@', StringComparison.Ordinal)].Count(c => c == '\n');
        var whole = ConfigurationFixture.Combine(text);
        var line = whole[..^text.Length].Count(c => c == '\n') + at + 1;
        fixture.Write("config/deploy.yml", whole);
        var check = fixture.CheckAsync().GetAwaiter().GetResult();
        Assert.True(
            check.Configuration is null && check.Problems.Any(problem => problem.Line == line && problem.Column > 0),
            $"accepted, or without line {line}: {text}\n{string.Join('\n', check.Problems)}");
    }

    private static void RefusesText(ConfigurationFixture fixture, string text)
    {
        fixture.Write("config/deploy.yml", ConfigurationFixture.Combine(text));
        var check = fixture.CheckAsync().GetAwaiter().GetResult();
        Assert.True(
            check.Configuration is null && check.Problems.Any(problem => problem.Line > 0 && problem.Column > 0),
            $"accepted: {text}");
    }

    /// <summary>The value as a double-quoted YAML scalar.</summary>
    private static string Quoted(string value)
    {
        var text = new StringBuilder("\"");
        foreach (var c in value) text.Append(c is '"' or '\\' ? $"\\{c}" : char.IsControl(c) ? $"\\x{(int)c:x2}" : c);
        return text.Append('"').ToString();
    }
}
