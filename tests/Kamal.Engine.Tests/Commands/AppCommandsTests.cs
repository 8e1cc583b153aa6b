using System.Text.RegularExpressions;
using Kamal.Engine.Commands;
using Kamal.Engine.Tests.Configuration;
using Xunit;

namespace Kamal.Engine.Tests.Commands;

public sealed partial class AppCommandsTests
{
    private const string Running = "--filter label=service=app --filter label=destination= --filter label=role=web --filter "
        + "status=running --filter status=restarting";

    private const string Latest = "--filter ancestor=\"$(docker image ls --filter reference=dhh/app:latest --format '{{.ID}}')\"";

    private const string CurrentId =
        $"{{ docker ps --latest --quiet {Running} {Latest} | grep . || docker ps --latest --quiet {Running} ; }} 2>/dev/null | head -1";

    private const string RunStart = "docker run --detach --restart unless-stopped --name app-web-v1 --network kamal --hostname h-1 "
        + "--env KAMAL_CONTAINER_NAME=app-web-v1 --env KAMAL_VERSION=v1 --env KAMAL_HOST=1.1.1.1";

    private const string EnvFile = "--env-file .kamal/apps/app/env/roles/web.env";

    private const string Logging = "--log-opt max-size=10m";

    private const string Labels = "--label service=\"app\" --label role=\"web\" --label destination";

    [Theory]
    [InlineData("", $"{RunStart} {EnvFile} {Logging} {Labels} dhh/app:v1")]
    [InlineData("volumes: [ \"/local/path:/container/path\", \"$HOME/data:/x:ro\", \"~/a:/b\" ]",
        $"{RunStart} {EnvFile} {Logging} --volume /local/path:/container/path --volume \"${{HOME}}\"/data:/x:ro --volume ~/a:/b "
            + $"{Labels} dhh/app:v1")]
    [InlineData("env: { A: plain, B: \"say \\\"hi\\\" $x `y`\", C: \"two\\nlines\", D: \"\" }",
        $"{RunStart} --env A=\"plain\" --env B=\"say \\\"hi\\\" \\$x \\`y\\`\" --env C=\"two\\nlines\" --env D {EnvFile} {Logging} "
            + $"{Labels} dhh/app:v1")]
    [InlineData("env: { clear: { A: \"${HOME}/x\" }, secret: [ PW ] }",
        $"{RunStart} --env A=\"${{HOME}}/x\" {EnvFile} {Logging} {Labels} dhh/app:v1")]
    [InlineData("logging: { driver: local, options: { max-size: 100m, max-file: 3 } }",
        $"{RunStart} {EnvFile} --log-driver \"local\" --log-opt max-size=\"100m\" --log-opt max-file=\"3\" {Labels} dhh/app:v1")]
    [InlineData("registry: { server: ghcr.io, username: u, password: [ PW ] }",
        $"{RunStart} {EnvFile} {Logging} {Labels} ghcr.io/dhh/app:v1")]
    [InlineData("labels: { a: \"b c\" }", $"{RunStart} {EnvFile} {Logging} {Labels} --label a=\"b c\" dhh/app:v1")]
    [InlineData("servers: { web: { hosts: [ 1.1.1.1 ], cmd: \"bin/serve --flag 'x y' | tee log\" } }",
        $"{RunStart} {EnvFile} {Logging} {Labels} dhh/app:v1 bin/serve --flag 'x y' | tee log")]
    [InlineData("servers: { web: { hosts: [ 1.1.1.1 ], options: { mount: somewhere, cap-add: null, label: \"a b\" } } }",
        $"{RunStart} {EnvFile} {Logging} {Labels} --mount \"somewhere\" --cap-add --label \"a b\" dhh/app:v1")]
    [InlineData("servers: { web: { hosts: [ 1.1.1.1 ], logging: { driver: journald } } }",
        $"{RunStart} {EnvFile} --log-driver \"journald\" {Labels} dhh/app:v1")]
    [InlineData("servers: [ 1.1.1.1: one ]\nenv: { clear: { A: b }, tags: { one: { TAG: t } } }",
        $"{RunStart} --env A=\"b\" --env TAG=\"t\" {EnvFile} {Logging} {Labels} dhh/app:v1")]
    [InlineData("asset_path: /rails/public/assets",
        $"{RunStart} {EnvFile} {Logging} --volume \"$PWD\"/.kamal/apps/app/assets/volumes/web-v1:/rails/public/assets {Labels} dhh/app:v1")]
    public async Task A_version_is_run(string lines, string expected) =>
        Assert.Equal(expected, (await AppAsync(lines)).Run("1.1.1.1", "h-1").Text);

    [Fact]
    public async Task A_version_is_created_to_compare_it() => Assert.Equal(
        "docker create --network kamal --hostname 1.1.1.1 --env KAMAL_CONTAINER_NAME=app-web-v1 --env KAMAL_VERSION=v1 --env "
            + "KAMAL_HOST=1.1.1.1 --env-file /dev/stdin --log-opt max-size=10m --label service=\"app\" --label role=\"web\" --label "
            + "destination --pull never --restart no --label service= --label role= --label destination= --label kamal.plan=abc "
            + "--label kamal.plan.number=1 \"${image}\"",
        (await AppAsync("")).Create("1.1.1.1", ShellWord.Variable("image"), new("abc", 1)).Text);

    [Fact]
    public async Task A_restart_policy_replaces_the_default() =>
        Assert.StartsWith("docker run --detach --restart on-failure:3 --name app-web-v1 ",
            (await AppAsync("servers: { web: { hosts: [ 1.1.1.1 ], options: { restart: \"on-failure:3\" } } }")).Run("1.1.1.1", "h").Text,
            StringComparison.Ordinal);

    [Fact]
    public async Task A_destination_is_in_names_paths_and_labels() => Rendered.Equal(
        ((await AppAsync(destination: "staging")).Run("1.1.1.1", "h-1"),
            "docker run --detach --restart unless-stopped --name app-web-staging-v1 --network kamal --hostname h-1 "
            + "--env KAMAL_CONTAINER_NAME=app-web-staging-v1 --env KAMAL_VERSION=v1 --env KAMAL_HOST=1.1.1.1 --env "
            + "KAMAL_DESTINATION=staging "
            + "--env-file .kamal/apps/app-staging/env/roles/web.env --log-opt max-size=10m "
            + "--label service=\"app\" --label role=\"web\" --label destination=\"staging\" dhh/app:v1"),
        ((await AppAsync(destination: "staging")).Start(), "docker start app-web-staging-v1"),
        ((await AppAsync(destination: "staging")).Info(),
            "docker ps --filter label=service=app --filter label=destination=staging --filter label=role=web"),
        ((await AppAsync(destination: "staging")).Running(),
            "docker ps --filter label=service=app --filter label=destination=staging --filter label=role=web --filter status=running "
                + "--filter status=restarting --format '{{.ID}} {{.Names}}'"));

    [Fact]
    public async Task Containers_are_found_and_changed()
    {
        var app = await AppAsync();
        Rendered.Equal(
            (app.Start(), "docker start app-web-v1"),
            (app.Info(), "docker ps --filter label=service=app --filter label=destination= --filter label=role=web"),
            (app.All(),
                "docker ps --all --quiet --filter label=service=app --filter label=destination= --filter label=role=web | xargs -r docker "
                    + "inspect --format '{{.Id}} {{.Name}} {{.State.Status}} {{.Created}} {{.State.StartedAt}} {{.State.FinishedAt}}'"),
            (app.ContainerId("v1.2"), "docker container ls --all --filter 'name=^app-web-v1[.]2$' --quiet"),
            (app.RunningContainerId("v1.2"), "docker container ls --filter 'name=^app-web-v1[.]2$' --quiet"),
            (app.Running(), $"docker ps {Running} --format '{{{{.ID}}}} {{{{.Names}}}}'"),
            (AppCommands.AreSeveral("all"), "set -- $all; [ $# -gt 2 ]"),
            (AppCommands.IdsOf("all"), "set -- $all; while [ $# -gt 1 ]; do printf '%s\\n' \"$1\"; shift 2; done"),
            (app.CurrentVersionOf("all"),
                "set -- $all; if [ $# = 2 ]; then printf '%s\\n' \"$2\" "
                    + "| { prefix=app-web-; while read -r line; do line=\"${line#\"$prefix\"}\"; echo \"${line%%_replaced_*}\"; done; }; "
                    + $"elif [ $# -gt 2 ]; then {app.CurrentVersion()}; fi"),
            (app.CurrentContainerId(), CurrentId),
            (app.CurrentVersion(),
                $"{{ docker ps --latest --format '{{{{.Names}}}}' {Running} {Latest} | grep . || docker ps --latest --format "
                    + $"'{{{{.Names}}}}' {Running} ; }} 2>/dev/null | head -1 "
                + "| { prefix=app-web-; while read -r line; do line=\"${line#\"$prefix\"}\"; echo \"${line%%_replaced_*}\"; done; }"),
            (app.Rename("id", "v1_replaced_0a"), "docker rename \"${id}\" app-web-v1_replaced_0a"),
            (app.Exists("v0"), "docker container inspect app-web-v0 >/dev/null 2>/dev/null"),
            (app.RemoveContainer("v0"), "docker container ls --all --filter 'name=^app-web-v0$' --quiet | xargs docker container rm"),
            (app.RemoveContainers(),
                "docker container prune --force --filter label=service=app --filter label=destination= --filter label=role=web"));
    }

    [Fact]
    public void A_container_is_asked_by_its_id() => Rendered.Equal(
        (AppCommands.Status("id"),
            "docker inspect --format '{{.RestartCount}} {{if .State.Health}}{{.State.Health.Status}}{{else}}{{.State.Status}}{{end}}' "
                + "\"${id}\""),
        (AppCommands.LastLogs("id", 50), "docker logs --tail 50 \"${id}\" 2>&1"),
        (AppCommands.Owner("0a1b"),
            "docker container inspect --format '{{index .Config.Labels \"service\"}}\n{{index .Config.Labels \"destination\"}}\n{{index "
                + ".Config.Labels \"role\"}}\n{{.Name}}' 0a1b"));

    [Theory]
    [InlineData("", "web", "docker stop")]
    [InlineData("drain_timeout: 20", "web", "docker stop")]
    [InlineData("servers: { web: [ 1.1.1.1 ], jobs: [ 1.1.1.1 ] }", "jobs", "docker stop -t 30")]
    [InlineData("servers: { web: [ 1.1.1.1 ], jobs: [ 1.1.1.1 ] }\ndrain_timeout: 20", "jobs", "docker stop -t 20")]
    [InlineData("servers: { web: { hosts: [ 1.1.1.1 ], stop_timeout: 90 } }", "web", "docker stop -t 90")]
    public async Task Docker_waits_only_where_the_proxy_does_not_drain(string lines, string role, string stop)
    {
        var app = await AppAsync(lines, role: role);
        Assert.Equal($"printf '%s\\n' \"${{ids}}\" | xargs {stop}", app.StopIds("ids").Text);
        Assert.Equal($"{app.CurrentContainerId().Text} | xargs {stop}", app.StopCurrent().Text);
    }

    [Fact]
    public void A_container_is_started_by_its_id() => Assert.Equal("docker start \"${id}\"", AppCommands.StartId("id").Text);

    [Fact]
    public async Task Logs_are_those_of_the_running_or_of_a_given_container()
    {
        var app = await AppAsync();
        Rendered.Equal(
            (app.Logs(new()), $"{CurrentId} | xargs docker logs --timestamps 2>&1"),
            (app.Logs(new() { Lines = 10, Since = "5m", Timestamps = false, Grep = "x y" }),
                $"{CurrentId} | xargs docker logs --since 5m --tail 10 2>&1 | grep 'x y'"),
            (AppCommands.Logs(new() { Follow = true }, "0a1b"), "echo 0a1b | xargs docker logs --timestamps --follow 2>&1"));
    }

    [Fact]
    public async Task A_users_command_runs_in_the_container_that_is_there()
    {
        var app = await AppAsync();
        Rendered.Equal(
            (app.ExecuteInExisting(new("bin/rails db:setup | cat")), "docker exec app-web-v1 bin/rails db:setup | cat"),
            (app.ExecuteInExisting(new("bash") { Interactive = true, HasTerminal = true }), "docker exec -it app-web-v1 bash"),
            (app.ExecuteInExisting(new("bash") { Interactive = true }), "docker exec -i app-web-v1 bash"),
            (app.ExecuteInExisting(new("env") { Environment = [new("foo", "b \"a\"\n$r")] }),
                "foo=\"b \\\"a\\\"\n\\$r\" docker exec --env foo app-web-v1 env"));
        Assert.Equal(
            "foo=[REDACTED] docker exec --env foo app-web-v1 env",
            app.ExecuteInExisting(new("env") { Environment = [new("foo", "bar")] }).Display);
    }

    [Theory]
    [InlineData("", "docker run --rm --name app-web-exec-v1-HEX --network kamal --env-file .kamal/apps/app/env/roles/web.env --log-opt "
        + "max-size=10m dhh/app:v1 ls -l")]
    [InlineData("logging: { driver: local }\nvolumes: [ \"data:/data\" ]\nenv: { A: b }",
        "docker run --rm --name app-web-exec-v1-HEX --network kamal --env A=\"b\" --env-file .kamal/apps/app/env/roles/web.env "
            + "--log-driver \"local\" --volume data:/data dhh/app:v1 ls -l")]
    [InlineData("servers: { web: { hosts: [ 1.1.1.1 ], options: { restart: always, mount: somewhere } } }",
        "docker run --rm --name app-web-exec-v1-HEX --network kamal --env-file .kamal/apps/app/env/roles/web.env --log-opt max-size=10m "
            + "--mount \"somewhere\" dhh/app:v1 ls -l")]
    [InlineData("servers: [ 1.1.1.1: one ]\nenv: { tags: { one: { TAG: t } } }",
        "docker run --rm --name app-web-exec-v1-HEX --network kamal --env TAG=\"t\" --env-file .kamal/apps/app/env/roles/web.env "
            + "--log-opt max-size=10m dhh/app:v1 ls -l")]
    public async Task A_users_command_runs_in_a_new_container(string lines, string expected) =>
        Assert.Equal(expected, Named((await AppAsync(lines)).ExecuteInNew("1.1.1.1", new("ls -l"))));

    [Fact]
    public async Task A_new_container_can_be_detached_interactive_and_have_variables()
    {
        const string end = "--network kamal --env-file .kamal/apps/app/env/roles/web.env";
        var app = await AppAsync();
        Assert.Equal($"docker run --detach --name app-web-exec-v1-HEX {end} --log-opt max-size=10m dhh/app:v1 ls",
            Named(app.ExecuteInNew("1.1.1.1", new("ls") { Detach = true })));
        Assert.Equal($"docker run -it --rm --name app-web-exec-v1-HEX {end} --log-opt max-size=10m dhh/app:v1 ls",
            Named(app.ExecuteInNew("1.1.1.1", new("ls") { Interactive = true, HasTerminal = true })));
        Assert.Equal($"foo=\"bar\" docker run --rm --name app-web-exec-v1-HEX {end} --env foo --log-opt max-size=10m dhh/app:v1 ls",
            Named(app.ExecuteInNew("1.1.1.1", new("ls") { Environment = [new("foo", "bar")] })));
    }

    [Fact]
    public async Task A_name_holds_the_version()
    {
        var app = await AppAsync();
        Assert.Equal(("app-web", "app-web-v1", "app-web-v0"), (app.ContainerPrefix, app.ContainerName(), app.ContainerName("v0")));
        Assert.Equal(
            ["v0", "v0", null, null],
            new[] { "app-web-v0", "app-web-v0_replaced_0a", "app-jobs-v0", "app-web" }.Select(app.VersionOf));
        Assert.Equal(["label=service=app", "label=destination=", "label=role=web"], app.ContainerFilters());
        Assert.Equal("app-web-staging-v1", (await AppAsync(destination: "staging")).ContainerName());
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("servers: { web: { hosts: [ 1.1.1.1 ], cmd: \"a $b\" } }", "a $b")]
    public async Task A_roles_command_is_a_line_for_the_shell(string lines, string expected) =>
        Rendered.Equal(expected, (await AppAsync(lines)).Command());

    private static string Named(ShellCommand command) => RandomPart().Replace(command.Text, "-HEX ", 1);

    private static async Task<AppCommands> AppAsync(string lines = "", string? destination = null, string role = "web")
    {
        var configuration = await ConfigurationFixture.LoadWithAsync(lines + "\n", destination);
        return new(configuration, configuration.Roles.Single(item => item.Name == role));
    }

    [GeneratedRegex("(?<=-exec-v1)-[0-9a-f]{6} ")]
    private static partial Regex RandomPart();
}
