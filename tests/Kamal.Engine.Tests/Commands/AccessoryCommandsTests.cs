using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Tests.Configuration;
using Xunit;

namespace Kamal.Engine.Tests.Commands;

public sealed class AccessoryCommandsTests
{
    private const string EnvFile = "--env-file .kamal/apps/app/env/accessories/db.env";

    [Theory]
    [InlineData("image: \"mysql:8.0\"",
        $"docker run --name app-db --detach --restart unless-stopped --network kamal --log-opt max-size=10m --env KAMAL_HOST=1.1.1.5 "
            + $"{EnvFile} --label service=\"app-db\" mysql:8.0")]
    [InlineData("image: \"mysql:8.0\", service: custom-db, port: \"3306\"",
        $"docker run --name custom-db --detach --restart unless-stopped --network kamal --log-opt max-size=10m --publish 3306:3306 "
            + $"--env KAMAL_HOST=1.1.1.5 {EnvFile} --label service=\"custom-db\" mysql:8.0")]
    [InlineData("image: \"mysql:8.0\", registry: { server: ghcr.io, username: u, password: [ P ] }, network: custom, cmd: \"serve 'a b'\"",
        $"docker run --name app-db --detach --restart unless-stopped --network custom --log-opt max-size=10m --env KAMAL_HOST=1.1.1.5 "
            + $"{EnvFile} --label service=\"app-db\" ghcr.io/mysql:8.0 serve 'a b'")]
    [InlineData("image: \"mysql:8.0\", env: { clear: { A: \"%\", B: \"it's $x\" }, secret: [ PW ] }, labels: { cache: \"true\" }",
        $"docker run --name app-db --detach --restart unless-stopped --network kamal --log-opt max-size=10m --env KAMAL_HOST=1.1.1.5 "
            + $"--env A=\"%\" --env B=\"it's \\$x\" {EnvFile} --label service=\"app-db\" --label cache=\"true\" mysql:8.0")]
    [InlineData("image: \"mysql:8.0\", volumes: [ \"/var/lib/redis:/data\" ], files: [ \"config/my.cnf:/etc/my.cnf:ro\" ], directories: "
        + "[ \"data:/var/lib/mysql\", \"/abs:/x\" ]",
        $"docker run --name app-db --detach --restart unless-stopped --network kamal --log-opt max-size=10m --env KAMAL_HOST=1.1.1.5 "
            + $"{EnvFile} --volume /var/lib/redis:/data "
        + "--volume \"$PWD\"/app-db/etc/my.cnf:/etc/my.cnf:ro --volume \"$PWD\"/app-db/data:/var/lib/mysql --volume /abs:/x --label "
        + "service=\"app-db\" mysql:8.0")]
    [InlineData("image: \"mysql:8.0\", options: { restart: \"no\", memory: \"1 g\" }",
        $"docker run --name app-db --detach --restart no --network kamal --log-opt max-size=10m --env KAMAL_HOST=1.1.1.5 {EnvFile} "
            + $"--label service=\"app-db\" --memory \"1 g\" mysql:8.0")]
    public async Task An_accessory_is_run(string accessory, string expected) =>
        Assert.Equal(expected, (await CommandsAsync(accessory)).Run("1.1.1.5").Text);

    [Fact]
    public async Task An_accessory_is_created_to_compare_it() => Assert.Equal(
        "docker create --network kamal --log-opt max-size=10m --env KAMAL_HOST=1.1.1.5 --env A=\"b\" --env-file /dev/stdin --label "
            + "service=\"app-db\" --memory \"1g\" --pull never --restart no --label service= --label role= --label destination= --label "
            + "kamal.plan=abc --label kamal.plan.number=1 \"${image}\" serve",
        (await CommandsAsync("image: mysql, cmd: serve, env: { clear: { A: b } }, options: { memory: 1g, name: x }"))
            .Create("1.1.1.5", ShellWord.Variable("image"), new("abc", 1)).Text);

    [Fact]
    public async Task Logging_of_the_app_is_an_accessorys_too() => Assert.Equal(
        $"docker run --name app-db --detach --restart unless-stopped --network kamal --log-driver \"local\" --log-opt max-size=\"100m\" "
            + $"--env KAMAL_HOST=1.1.1.5 {EnvFile} --label service=\"app-db\" mysql",
        (await CommandsAsync("image: mysql", "logging: { driver: local, options: { max-size: 100m } }\n")).Run("1.1.1.5").Text);

    [Fact]
    public async Task The_container_and_image_are_found_and_changed()
    {
        var commands = await CommandsAsync("image: \"mysql:8.0\"");
        Rendered.Equal(
            (commands.Start(), "docker container start app-db"),
            (commands.Stop(), "docker container stop app-db"),
            (commands.ContainerIds(), "docker ps -a -q --filter label=service=app-db"),
            (commands.StaysUp(),
                "sleep 1; s=$(docker inspect --format '{{.RestartCount}} {{.State.Status}} {{.State.ExitCode}}' app-db 2>/dev/null); "
                    + "case $s in ''|'0 running'*|'0 created'*|'0 paused'*|'0 exited 0') echo yes;; "
                    + "*) echo \"restarts, state, exit code: $s\" >&2; exit 1;; esac"),
            (commands.RunningContainerId(), "docker container ls --filter 'name=^app-db$' --quiet"),
            (commands.PullImage(), "docker image pull mysql:8.0"),
            (commands.RemoveContainer(), "docker container prune --force --filter label=service=app-db"),
            (commands.RemoveCreated(),
                "docker ps --all --quiet --filter 'name=^app-db$' --filter label=service=app-db --filter status=created | xargs docker "
                    + "container rm"),
            (commands.RemoveImage(),
                "users=\"$(docker ps -a --filter ancestor=mysql:8.0 --format '{{.Names}}' | grep -vxF app-db)\" ; "
                + "{ '[' -n \"${users}\" ']' && echo $users || docker image rm --force mysql:8.0 >/dev/null ; }"),
            (commands.RemoveDirectory(), "rm -rf app-db"));
    }

    [Fact]
    public async Task Logs_are_those_of_the_accessorys_container()
    {
        var commands = await CommandsAsync("image: mysql");
        Rendered.Equal(
            (commands.Logs(new()), "docker logs app-db --timestamps 2>&1"),
            (commands.Logs(new() { Since = "5m", Lines = 100, Grep = "thing", GrepOptions = "-C 2" }),
                "docker logs app-db --timestamps --since 5m --tail 100 2>&1 | grep thing -C 2"));
    }

    [Fact]
    public async Task A_users_command_runs_in_a_container()
    {
        var commands = await CommandsAsync("image: \"mysql:8.0\", env: { A: b }, volumes: [ \"data:/data\" ], options: { restart: "
            + "always, cpus: 2 }");
        Rendered.Equal(
            (commands.ExecuteInExisting("mysql -u root | cat"), "docker exec app-db mysql -u root | cat"),
            (commands.ExecuteInExisting("mysql", "-it"), "docker exec -it app-db mysql"),
            (commands.ExecuteInNew("mysql -u root"),
                $"docker run --rm --network kamal --env A=\"b\" {EnvFile} --volume data:/data --cpus \"2\" mysql:8.0 mysql -u root"),
            (commands.ExecuteInNew("mysql", "-i"),
                $"docker run -i --rm --network kamal --env A=\"b\" {EnvFile} --volume data:/data --cpus \"2\" mysql:8.0 mysql"));
    }

    [Theory]
    [InlineData("\"data:/x\"", "mkdir -p app-db/data")]
    [InlineData("{ local: \"da ta\", remote: /x, mode: \"0750\" }", "mkdir -p 'app-db/da ta' && chmod 0750 'app-db/da ta'")]
    [InlineData("{ local: data, remote: /x, mode: \"0750\", owner: \"999:999\" }",
        "mkdir -p app-db/data && chmod 0750 app-db/data && chown 999:999 app-db/data")]
    [InlineData("{ local: /srv/data, remote: /x, owner: app }", "mkdir -p /srv/data && chown app /srv/data")]
    public async Task A_directory_is_made(string directory, string expected)
    {
        var (commands, accessory) = await LoadAsync($"image: mysql, directories: [ {directory} ]");
        Assert.Equal(expected, commands.MakeDirectory(accessory.Directories[0]).Text);
        Assert.Contains(ShellWord.Literal(commands.DirectoryPath(accessory.Directories[0])).Text, expected, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("my.cnf:/etc/my.cnf", "app-db/etc/my.cnf")]
    [InlineData("my.cnf:etc/my.cnf", "app-db/etc/my.cnf")]
    public async Task A_file_lies_below_the_accessory(string file, string expected)
    {
        var (commands, accessory) = await LoadAsync($"image: mysql, files: [ \"{file}\" ]");
        Assert.Equal(expected, commands.FilePath(accessory.Files[0]));
    }

    private static async Task<AccessoryCommands> CommandsAsync(string accessory, string lines = "") =>
        (await LoadAsync(accessory, lines)).Commands;

    private static async Task<(AccessoryCommands Commands, AccessoryConfiguration Accessory)> LoadAsync(string accessory, string lines = "")
    {
        var configuration = await ConfigurationFixture.LoadWithAsync($"{lines}accessories:\n  db: {{ host: 1.1.1.5, {accessory} }}\n");
        return (new(configuration, configuration.Accessories[0]), configuration.Accessories[0]);
    }
}
