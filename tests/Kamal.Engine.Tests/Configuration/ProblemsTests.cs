using Xunit;

namespace Kamal.Engine.Tests.Configuration;

public sealed class ProblemsTests
{
    [Fact]
    public async Task TwelveMistakesAreTwelveProblemsEachWithItsLine()
    {
        using var fixture = new ConfigurationFixture().Write("config/deploy.yml", """
            service: my app
            imgae: dhh/app
            image: dhh/app
            registry:
              username: user
            servers:
              web:
                host: [ 1.1.1.1 ]
              jobs:
                hosts: 1.1.1.2
                options:
                  restart: no
            proxy:
              ssl: true
              app_port: "3000"
            builder:
              arch: amd46
            retain_containers: 0
            accessories:
              db:
                image: mysql
                role: wbe
                env:
                  tags: {}
            """);
        var error = await Assert.ThrowsAsync<KamalException>(() => fixture.LoadAsync());
        Assert.Equal(KamalErrorId.ConfigurationInvalid, error.Id);
        Assert.Equal(
            [
                (1, "service"), (2, "imgae"), (5, "registry/password"), (8, "servers/web/host"), (10, "servers/jobs/hosts"),
                (12, "servers/jobs/options/restart"), (14, "proxy/ssl"), (15, "proxy/app_port"), (17, "builder/arch"),
                (18, "retain_containers"), (22, "accessories/db/role"), (24, "accessories/db/env/tags")],
            error.Problems.Select(problem => (problem.Line, problem.Path)));
        Assert.All(
            error.Problems,
            problem => Assert.Contains(
                $"config/deploy.yml:{problem.Line}:{problem.Column}: {problem.Path}: {problem.Message}", error.Message,
                StringComparison.Ordinal));
        Assert.StartsWith("The configuration has 12 problems:\n", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("traefik: {}", "traefik", "proxy, which replaced traefik in Kamal 2")]
    [InlineData("healthcheck: {}", "healthcheck", "proxy/healthcheck")]
    [InlineData("hooks-path: x", "hooks-path", "hooks_path")]
    [InlineData("arch: x", "arch", "builder/arch")]
    [InlineData("zzzzzz: x", "zzzzzz", null)]
    public async Task UnknownKeysSayWhatWasProbablyMeant(string line, string path, string? suggestion)
    {
        var problem = Assert.Single(await ConfigurationFixture.ProblemsWithAsync(line));
        Assert.Equal((path, "unknown key", suggestion), (problem.Path, problem.Message, problem.Suggestion));
    }

    [Theory]
    [InlineData("servers: { jobs: [ a ] }", "servers: the primary role web is not defined")]
    [InlineData("servers: []", "servers: the primary role web has no hosts")]
    [InlineData("servers: { web: [ a ], jobs: { hosts: [] } }", "servers/jobs: the role jobs has no hosts")]
    [InlineData("servers: { web: x }", "servers/web: should be a list or a map, but is text")]
    [InlineData("servers: [ [] ]", "servers/0: should be a string or a map")]
    [
        InlineData(
            "servers: { web: [ a, b ] }\nproxy: { ssl: true, host: h }",
            "proxy/ssl: SSL without a custom certificate works on a single server only; the role web has 2 servers")]
    [
        InlineData(
            "servers: { web: [ a ], api: { hosts: [ b ], proxy: true } }\nproxy: { ssl: true, host: h }",
            "the roles api and web cannot both serve h with SSL")]
    [InlineData("proxy: { host: a, hosts: [ b ] }", "proxy/hosts: host and hosts cannot both be set")]
    [InlineData("proxy: { ssl: {} , host: h }", "proxy/ssl: should be true, false, or a map with certificate_pem and private_key_pem")]
    [InlineData("proxy: { run: { publish: false, http_port: 8080 } }", "proxy/run/http_port: http_port cannot be used with publish: false")]
    [
        InlineData(
            "servers: { web: { hosts: [ a ], proxy: { run: { http_port: 81 } } }, api: { hosts: [ a ], proxy: { run: { http_port: " +
            "82 } } } }",
            "servers/web/proxy/run: differs from servers/api/proxy/run, but both configure the proxy on a")]
    [
        InlineData(
            "registry: { server: \"localhost:5000\" }\nbuilder: { arch: amd64, remote: \"tcp://b\" }",
            "builder/remote: with a local registry, the remote builder must use SSH")]
    [InlineData("builder: { arch: [ amd64, arm64 ], pack: { builder: b } }", "builder/arch: buildpacks build for one architecture only")]
    [
        InlineData(
            "builder: { arch: amd64, driver: docker, cache: { type: gha } }",
            "builder/cache: the docker driver does not support a build cache")]
    [InlineData("accessories: { db: { image: x } }", "accessories/db: set exactly one of host, hosts, role, roles, tag, tags; none is set")]
    [InlineData("accessories: { db: { image: x, host: a, role: web } }", "host and role are set")]
    [InlineData("aliases: { Bad: x }", "aliases/Bad: the name should be lowercase letters")]
    [
        InlineData(
            "env: { clear: {}, secrets: [] }",
            "env/secrets: unknown key next to clear, secret or tags; put variables under clear (did you mean secret?)")]
    [InlineData("env: { A: }", "env/A: should be a string, but is empty; write \"\" for an empty string")]
    [InlineData("env: { A: [] }", "env/A: should be a string, but is an empty list")]
    [InlineData("image: \"\"", "image: the required key image is missing")]
    [InlineData("hooks_output: { pre-deploy: loud }", "hooks_output/pre-deploy: should be one of quiet, verbose")]
    [InlineData("ssh: { log_level: debgu }", "ssh/log_level: should be one of")]
    [
        InlineData(
            "registry: { username: u, password: 0123 }",
            "registry/password: should be a string or a list with one entry, but is the number 83; write \"0123\" in quotes")]
    [InlineData("labels: { destination: x }", "labels/destination: service, role, destination are reserved")]
    public async Task RulesAcrossKeys(string lines, string message) =>
        Assert.Contains(
            await ConfigurationFixture.ProblemsWithAsync(lines),
            problem => problem.ToString().Contains(message, StringComparison.Ordinal));

    [Theory]
    [InlineData("image: ", "imgae: ")]
    [InlineData("service: ", "servce: ")]
    [InlineData("servers: ", "servres: ")]
    [InlineData("registry: ", "registri: ")]
    [InlineData("builder: ", "bulder: ")]
    [InlineData("arch: ", "arhc: ")]
    [InlineData("username: ", "user_name: ")]
    public async Task AMisspelledKeyIsOneProblem(string right, string wrong)
    {
        using var fixture = new ConfigurationFixture()
            .Write("config/deploy.yml", ConfigurationFixture.Minimal.Replace(right, wrong, StringComparison.Ordinal));
        Assert.Equal(right[..^2], Assert.Single((await fixture.CheckAsync()).Problems).Suggestion);
    }

    [Theory]
    [InlineData("x-anything: { nested: [ 1 ] }")]
    [InlineData("registry: { server: \"localhost:5000\" }\nimage: \"\"")]
    [InlineData("servers: { web: [ a, b ] }\nproxy: { host: h, ssl: { certificate_pem: C, private_key_pem: K } }")]
    [InlineData("servers: { web: { hosts: [ a ], proxy: { host: h } } }\nproxy: { ssl: true }")]
    [InlineData("servers: { web: { hosts: [ a ], proxy: { hosts: [ b ] } } }\nproxy: { host: h }")]
    [
        InlineData(
            "servers: { web: { hosts: [ a ], proxy: { run: { http_port: 81 } } }, api: { hosts: [ a ], proxy: { run: { http_port: " +
            "81 } } } }")]
    [InlineData("hooks_output: :verbose")]
    [InlineData("accessories: { db: { image: x, tag: nobody } }")]
    [InlineData("x-health: &h { health-cmd: up }\nservers: { web: { hosts: [ a ], options: { <<: *h, memory: 1g } } }")]
    public async Task WhatKamalAcceptsIsAccepted(string lines) => await ConfigurationFixture.LoadWithAsync(lines);

    [Fact]
    public async Task AMissingFileSaysWhatToDo()
    {
        using var fixture = new ConfigurationFixture();
        var error = await Assert.ThrowsAsync<KamalException>(() => fixture.LoadAsync());
        Assert.Equal(KamalErrorId.ConfigurationNotFound, error.Id);
        Assert.Contains("-ConfigFile", error.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnOldHookIsReported()
    {
        using var fixture = new ConfigurationFixture().Write("config/deploy.yml", ConfigurationFixture.Minimal)
            .Write(".kamal/hooks/pre-traefik-reboot", "");
        Assert.Contains("pre-proxy-reboot", Assert.Single((await fixture.CheckAsync()).Problems).Message, StringComparison.Ordinal);
    }
}
