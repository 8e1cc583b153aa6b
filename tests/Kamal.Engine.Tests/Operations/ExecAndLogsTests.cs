using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

public sealed class ExecAndLogsTests : IDisposable
{
    private readonly OperationFixture _fixture = new OperationFixture().Configure("""
        servers:
          web: [ 1.1.1.1, 1.1.1.2 ]
          workers: { hosts: [ 1.1.1.2 ], cmd: bin/jobs }
        accessories:
          redis: { image: redis:7, host: 1.1.1.3, env: { A: b } }
        ssh: { user: deploy, port: 2222, proxy: jump.example.com, keys: [ ~/.ssh/k ], keys_only: true }
        """);

    [Fact]
    public async Task RunsInANewContainerOfEachRole()
    {
        _fixture.Fleet.Answer("Run the command", "hello");

        var results = await _fixture.RunAsync(AppOperations.Exec(new("ls /tmp") { Environment = [new("TOKEN", "s3cr3t")] }));

        Assert.Equal(
            [("1.1.1.1", "web"), ("1.1.1.2", "web"), ("1.1.1.2", "workers")],
            results.Select(result => (result.HostName, result.Role)));
        Assert.All(results, result => Assert.Equal((0, "hello"), (result.ExitCode, result.Output)));
        var run = Assert.Single(_fixture.Fleet.Ran("1.1.1.1"), command => command.Contains("docker run", StringComparison.Ordinal));
        Assert.Matches(
            "^TOKEN=\"s3cr3t\" docker run --rm --name app-web-exec-v1-[0-9a-f]{6} --network kamal --env-file " +
            ".kamal/apps/app/env/roles/web.env --env TOKEN --log-opt max-size=10m dhh/app:v1 ls /tmp$",
            run);
        var display = _fixture.Fleet.Scripts[0].Script.Steps[^1].Command.Display;
        Assert.StartsWith("TOKEN=[REDACTED] docker run ", display, StringComparison.Ordinal);
        Assert.Equal(1, _fixture.Fleet.RoundTrips("1.1.1.2"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_raw_command_leaves_out_hosts_that_cannot_be_reached_but_not_those_that_were(int after)
    {
        _fixture.Options = new() { LockHeldByCaller = false, SkipUnreachable = true };
        _fixture.Fleet.Unreachable("1.1.1.2", after);
        var exec = _fixture.RunAsync(ServerOperations.Exec(new("uptime") { Raw = true }));

        if (after > 0)
        {
            Assert.Equal("1.1.1.2", (await Assert.ThrowsAsync<KamalException>(() => exec)).HostName);
            return;
        }

        Assert.Equal(["1.1.1.1", "1.1.1.3"], (await exec).Select(result => result.HostName));
        Assert.Contains(_fixture.Sink.Events.OfType<MessageEmitted>(), message =>
            message.HostName == "1.1.1.2" && message.Text.StartsWith("The host is left out", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_interactive_command_needs_its_host(bool reuse)
    {
        _fixture.Options = new() { LockHeldByCaller = false, SkipUnreachable = true };
        _fixture.Fleet.Unreachable("1.1.1.1");

        var error = await Assert.ThrowsAsync<KamalException>(() =>
            _fixture.RunAsync(AppOperations.Exec(new("bash") { Reuse = reuse, Interactive = true })));

        Assert.Equal(("1.1.1.1", true), (error.HostName, error.Message.Contains("no route to host", StringComparison.Ordinal)));
        Assert.Empty(_fixture.Fleet.Streams);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WritesTheEnvironmentFileFirstWhereThereIsNoneYet(bool interactive)
    {
        _fixture.Configure(
            "servers: [ 1.1.1.1 ]\nenv: { clear: { A: b }, secret: [ DB_PASSWORD ] }\naccessories:\n  redis: { image: redis:7, " +
            "host: 1.1.1.1, env: { secret: [ PW ] } }\n");
        await _fixture.RunAsync(AppOperations.Exec(new("ls") { Interactive = interactive }));
        var steps = _fixture.Fleet.Scripts[0].Script.Steps;
        var write = Assert.Single(steps, step => step.Name == "Write the environment file");
        Assert.Equal("'[' '!' -e .kamal/apps/app/env/roles/web.env ']'", write.When!.Text);
        Assert.Contains(
            "mv -f .kamal/apps/app/env/roles/web.env.kamal-new .kamal/apps/app/env/roles/web.env", write.Command.Text,
            StringComparison.Ordinal);
        Assert.Contains("chmod 0600", write.Command.Text, StringComparison.Ordinal);
        Assert.Equal($"DB_PASSWORD={FixedSecrets.Mark}db_password\n", System.Text.Encoding.UTF8.GetString(write.Input!.Content.Span));
        Assert.Equal(1, _fixture.Fleet.RoundTrips("1.1.1.1"));
        if (!interactive) Assert.Equal("Run the command", steps[^1].Name);

        await _fixture.RunAsync(AccessoryOperations.Exec("redis", new("ls") { Interactive = interactive }));
        var accessory = Assert.Single(_fixture.Fleet.Scripts[1].Script.Steps, step => step.Name == "Write the environment file");
        Assert.Equal("'[' '!' -e .kamal/apps/app/env/accessories/redis.env ']'", accessory.When!.Text);
        Assert.Equal($"PW={FixedSecrets.Mark}pw\n", System.Text.Encoding.UTF8.GetString(accessory.Input!.Content.Span));

        await _fixture.RunAsync(AppOperations.Exec(new("ls") { Reuse = true, Interactive = interactive }));
        Assert.DoesNotContain(
            _fixture.Fleet.Scripts.Skip(2), script => script.Script.Steps.Any(step => step.Name == "Write the environment file"));
    }

    [Fact]
    public async Task RunsWithoutSecretsThatAreNotHereWhereTheFileIsThere()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no sh.");
        _fixture.Configure("servers: [ 1.1.1.1 ]\nregistry: { server: \"localhost:5000\" }\nenv: { secret: [ DB_PASSWORD ] }\n")
            .Write(".kamal/secrets", "DB_PASSWORD=$(exit 3)\n");
        _fixture.Secrets = new Engine.Secrets.SecretStore(
            new((await _fixture.LoadAsync()).ProjectDirectory), new Engine.Local.LocalRunner());
        Assert.Equal(0, Assert.Single(await _fixture.RunAsync(AppOperations.Exec(new("ls")))).ExitCode);
        Assert.DoesNotContain(
            _fixture.Fleet.Scripts.SelectMany(script => script.Script.Steps), step => step.Name == "Write the environment file");
        Assert.Contains(
            _fixture.Sink.Events.OfType<MessageEmitted>(),
            message => message.Text.StartsWith("The secret DB_PASSWORD (.kamal/secrets:1) has no value", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ReusesTheRunningContainer()
    {
        await _fixture.RunAsync(AppOperations.Exec(new("ls") { Reuse = true }), hosts: ["1.1.1.1"]);

        var ran = _fixture.Fleet.Ran("1.1.1.1");
        Assert.Equal("docker exec app-web-v1 ls", ran[^1]);
        Assert.Contains("[web] Executed cmd '\\''ls'\\'' on app version v1' >> .kamal/app-audit.log ", ran[^2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFailureOnOneHostLeavesTheOthersResults()
    {
        _fixture.Fleet.Fail("1.1.1.1", "Run the command", exitCode: 7);

        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(ServerOperations.Exec(new("false"))));

        Assert.Equal(7, Assert.Single(error.Causes).ExitCode);
        Assert.Equal(7, error.ExitCode);
        var results = _fixture.Sink.Events.OfType<ResultProduced>().Select(produced => (KamalCommandResult)produced.Result)
            .ToDictionary(result => result.HostName, result => result.ExitCode);
        Assert.Equal((7, 0, 0), (results["1.1.1.1"], results["1.1.1.2"], results["1.1.1.3"]));
    }

    [Fact]
    public async Task TheExitCodeThatAllFailuresShareIsTheOperations()
    {
        _fixture.Fleet.Fail("1.1.1.1", "Run the command", exitCode: 7).Fail("1.1.1.2", "Run the command", exitCode: 7);
        var shared = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(AppOperations.Exec(new("false"))));
        _fixture.Fleet.Fail("1.1.1.2", "Run the command", exitCode: 8);
        var different = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(AppOperations.Exec(new("false"))));
        _fixture.Fleet.Break("1.1.1.2", "Run the command");
        var broken = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(AppOperations.Exec(new("false"))));

        Assert.Equal((7, null, null), (shared.ExitCode, different.ExitCode, broken.ExitCode));
    }

    [Fact]
    public async Task AStepThatIsNotTheUsersCommandHasNoSuchExitCode()
    {
        _fixture.Fleet.Fail("1.1.1.1", "Record the command", exitCode: 7);

        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(ServerOperations.Exec(new("true"))));

        Assert.Null(error.ExitCode);
    }

    [Fact]
    public async Task AServersCommandIsReadByItsLoginShell()
    {
        await _fixture.RunAsync(ServerOperations.Exec(new("echo \"a  b\" | cat; echo 'x'")), hosts: ["1.1.1.1"]);

        Assert.Equal("exec \"${SHELL:-sh}\" -c 'echo \"a  b\" | cat; echo '\\''x'\\'''", _fixture.Fleet.Ran("1.1.1.1")[^1]);
    }

    [Fact]
    public async Task RawOutputIsHandedOnUnchanged()
    {
        _fixture.Fleet.StreamOutput = "\0\u0001\n\n";

        var results = await _fixture.RunAsync(AccessoryOperations.Exec("redis", new("cat dump") { Reuse = true, Raw = true }));

        Assert.Equal("docker exec app-redis cat dump", Assert.Single(_fixture.Fleet.Streams).Step.Command.Text);
        var raw = Assert.Single(_fixture.Sink.Events.OfType<RawOutputReceived>());
        Assert.Equal([0, 1, 10, 10], raw.Bytes.ToArray());
        Assert.Equal(("1.1.1.3", 0), (results[0].HostName, results[0].ExitCode));
    }

    [Fact]
    public async Task AnInteractiveCommandGoesOverTheSameConnectionAsEverythingElse()
    {
        _fixture.Console = new TextConsole("") { Terminal = new("xterm", 80, 24), EndsInput = true };

        await _fixture.RunAsync(
            AppOperations.Exec(new("bin/rails console") { Reuse = true, Interactive = true, HasTerminal = true }),
            roles: ["workers"]);

        Assert.DoesNotContain(_fixture.Local.Commands, command => command.FileName == "ssh");
        var (host, step) = Assert.Single(_fixture.Fleet.Streams);
        Assert.Equal(("1.1.1.2", "docker exec -it app-workers-v1 bin/rails console"), (host, step.Command.Text));
    }

    [Theory]
    [InlineData(true, "echo \"a  b\"")]
    [InlineData(false, "exec \"${SHELL:-sh}\" -c 'echo \"a  b\"'")]
    public async Task AServersInteractiveCommandIsReadByItsLoginShellToo(bool terminal, string expected)
    {
        await _fixture.RunAsync(ServerOperations.Exec(new("echo \"a  b\"") { Interactive = true, HasTerminal = terminal }));

        Assert.Equal(expected, Assert.Single(_fixture.Fleet.Streams).Step.Command.Text);
    }

    [Fact]
    public async Task InputReachesAnInteractiveCommandAndItsOutputIsTheResults()
    {
        _fixture.Console = new TextConsole("SELECT 1;\n") { Output = InteractiveOutput.Result };

        var results = await _fixture.RunAsync(AccessoryOperations.Exec("redis", new("psql") { Reuse = true, Interactive = true }));

        Assert.Equal("docker exec -i app-redis psql", Assert.Single(_fixture.Fleet.Streams).Step.Command.Text);
        Assert.Equal(("redis", 0, "SELECT 1;"), (results[0].Accessory, results[0].ExitCode, results[0].Output));
    }

    [Fact]
    public async Task OutputOfAnInteractiveCommandComesAsEventsOrGoesToTheConsole()
    {
        _fixture.Console = new TextConsole("\0x\n") { Output = InteractiveOutput.Events };
        await _fixture.RunAsync(ServerOperations.Exec(new("cat") { Interactive = true }));
        Assert.Equal("\0x\n"u8.ToArray(), Assert.Single(_fixture.Sink.Events.OfType<RawOutputReceived>()).Bytes.ToArray());

        var console = new TextConsole("\0y\n") { Output = InteractiveOutput.Console };
        _fixture.Console = console;
        await _fixture.RunAsync(ServerOperations.Exec(new("cat") { Interactive = true }));
        Assert.Single(_fixture.Sink.Events.OfType<RawOutputReceived>());
        Assert.Equal("\0y\n", console.Written);
    }

    [Theory]
    [InlineData(3, 3, "failed with exit code 3")]
    [InlineData(null, 255, "the command ended without an exit code")]
    public async Task AnInteractiveCommandThatFailsIsAnError(int? exitCode, int expected, string message)
    {
        _fixture.Fleet.InteractiveExitCode = exitCode;

        var error = await Assert.ThrowsAsync<KamalException>(() =>
            _fixture.RunAsync(ServerOperations.Exec(new("htop") { Interactive = true })));

        Assert.Equal((KamalErrorId.RemoteCommandFailed, expected), (error.Id, error.ExitCode));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(
            exitCode,
            Assert.IsType<KamalCommandResult>(Assert.Single(_fixture.Sink.Events.OfType<ResultProduced>()).Result).ExitCode);
    }

    [Fact]
    public async Task AnInteractiveCommandIsOnlyShownInAPreview()
    {
        await _fixture.PreviewAsync(ServerOperations.Exec(new("htop") { Interactive = true, HasTerminal = true }));

        Assert.Equal("htop", Assert.Single(_fixture.Sink.Events.OfType<StepPreviewed>()).Step.Command.Text);
    }

    [Theory]
    [InlineData(true, true, false, "Detach cannot be combined with Reuse.")]
    [InlineData(true, false, true, "Raw cannot be combined with Detach.")]
    public async Task RefusesWhatDoesNotGoTogether(bool detach, bool reuse, bool raw, string message)
    {
        var error = await Assert.ThrowsAsync<KamalException>(() =>
            _fixture.RunAsync(AppOperations.Exec(new("ls") { Detach = detach, Reuse = reuse, Raw = raw })));

        Assert.Equal((KamalErrorId.ArgumentInvalid, message), (error.Id, error.Message));
    }

    [Fact]
    public async Task ReadsLogsOfEveryRoleWithTheirTime()
    {
        _fixture.Fleet.Answer("Read the log", "2026-01-02T03:04:01.123456789Z one\n2026-01-02T03:04:02.000000000Z ", "1.1.1.2");

        var lines = await _fixture.RunAsync(
            LogOperations.OfApp(new() { Filter = new() { Grep = "foo bar", GrepOptions = "-i", Since = "1h" } }),
            hosts: ["1.1.1.2"], roles: ["web"]);

        Assert.Equal(1, _fixture.Fleet.RoundTrips("1.1.1.2"));
        Assert.EndsWith(
            "| xargs docker logs --timestamps --since 1h 2>&1 | grep 'foo bar' -i", _fixture.Fleet.Ran("1.1.1.2")[^2],
            StringComparison.Ordinal);
        Assert.Equal(("1.1.1.2", "web", "one"), (lines[0].HostName, lines[0].Role, lines[0].Text));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 1, TimeSpan.Zero).AddTicks(1234568), lines[0].Timestamp);
        Assert.Equal("", lines[1].Text);
    }

    [Fact]
    public async Task AnExpressionThatBeginsWithADashIsNoOptionOfGrep()
    {
        await _fixture.RunAsync(LogOperations.OfAccessories(["redis"], new() { Filter = new() { Grep = "-x" } }));

        Assert.Equal("docker logs app-redis --timestamps 2>&1 | grep -e -x", Assert.Single(_fixture.Fleet.Ran("1.1.1.3")));
    }

    [Fact]
    public async Task AHundredLinesAreReadUnlessSaidOtherwise()
    {
        await _fixture.RunAsync(LogOperations.OfAccessories(["redis"], new()));

        Assert.Equal("docker logs app-redis --timestamps --tail 100 2>&1", Assert.Single(_fixture.Fleet.Ran("1.1.1.3")));
    }

    [Fact]
    public async Task NothingFoundIsNoError()
    {
        _fixture.Fleet.Fail("1.1.1.1", "Read the log");

        Assert.Empty(await _fixture.RunAsync(LogOperations.OfProxy(new() { Filter = new() { Grep = "x" } }), hosts: ["1.1.1.1"]));
        Assert.Contains(_fixture.Sink.Events.OfType<MessageEmitted>(), message => message.Text == "Nothing found (kamal-proxy)");
    }

    [Fact]
    public async Task FollowsEveryHostAndRole()
    {
        _fixture.Fleet.StreamOutput = "2026-01-02T03:04:01Z é one\n\nlast";

        await _fixture.RunAsync(LogOperations.OfApp(new() { Filter = new() { Follow = true } }));

        Assert.Equal(["1.1.1.1", "1.1.1.2", "1.1.1.2"], _fixture.Fleet.Streams.Select(stream => stream.HostName));
        var lines = _fixture.Sink.Events.OfType<ResultProduced>().Select(produced => (KamalLogLine)produced.Result)
            .Where(line => line.HostName == "1.1.1.1").ToList();
        Assert.Equal(["é one", "", "last"], lines.Select(line => line.Text));
        Assert.EndsWith(
            "xargs docker logs --timestamps --tail 10 --follow 2>&1", _fixture.Fleet.Streams[0].Step.Command.Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task FollowsThePrimaryAloneAsKamalDoes()
    {
        await _fixture.RunAsync(LogOperations.OfApp(new() { PrimaryOnly = true, Filter = new() { Follow = true, Grep = "x" } }));

        var stream = Assert.Single(_fixture.Fleet.Streams);
        Assert.Equal("1.1.1.1", stream.HostName);
        Assert.EndsWith(
            "xargs docker logs --timestamps --follow 2>&1 | grep --line-buffered x", stream.Step.Command.Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task AGivenContainersLogIsReadOnceUnderItsOwnRole()
    {
        _fixture.Fleet.Fail("1.1.1.1", "Find the container", error: "Error: No such container: 0a1b")
            .Answer("Find the container", "app\n\nworkers\n/app-workers-v0", "1.1.1.2")
                .Answer("Read the log", "2026-01-02T03:04:01Z one", "1.1.1.2");

        var lines = await _fixture.RunAsync(LogOperations.OfApp(new() { ContainerId = "0a1b" }));

        Assert.Equal(
            ("1.1.1.2", "workers", "workers", "one"),
            Assert.Single(lines.Select(line => (line.HostName, line.Role, line.Source, line.Text))));
        Assert.Equal(
            "echo 0a1b | xargs docker logs --timestamps --tail 100 2>&1",
            Assert.Single(_fixture.Fleet.Ran("1.1.1.2"), command => command.Contains("docker logs", StringComparison.Ordinal)));
        Assert.Single(_fixture.Fleet.Ran("1.1.1.1"));
    }

    [Theory]
    [InlineData("other\n\nweb\n/other-web-1")]
    [InlineData("app\nstaging\nweb\n/app-web-staging-1")]
    [InlineData("\n\n\n/app-web-exec-v1-0a1b2c")]
    public async Task AContainerOfNoRoleIsReadUnderItsId(string owner)
    {
        _fixture.Fleet.Fail("1.1.1.1", "Find the container", error: "Error response from daemon: No such container: 0a1b")
            .Answer("Find the container", owner, "1.1.1.2");

        await _fixture.RunAsync(LogOperations.OfApp(new() { ContainerId = "0a1b", Filter = new() { Follow = true } }));

        var (host, step) = Assert.Single(_fixture.Fleet.Streams);
        Assert.Equal(("1.1.1.2", null), (host, step.Role));
    }

    [Fact]
    public async Task AContainerThatNoHostHasIsOneError()
    {
        foreach (var host in (string[])["1.1.1.1", "1.1.1.2"])
        {
            _fixture.Fleet.Fail(host, "Find the container", error: "Error: No such container: 0a1b");
        }

        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(LogOperations.OfApp(new() { ContainerId = "0a1b" })));

        Assert.Equal((KamalErrorId.ContainerNotFound, "There is no container '0a1b' on 1.1.1.1, 1.1.1.2."), (error.Id, error.Message));
        Assert.Empty(error.Causes);
        Assert.DoesNotContain(_fixture.Sink.Events, one => one is HostFailed);
    }

    [Fact]
    public async Task AHostThatCannotLookForAContainerSaysWhy()
    {
        _fixture.Fleet.Fail("1.1.1.1", "Find the container", error: "Cannot connect to the Docker daemon")
            .Fail("1.1.1.2", "Find the container", error: "Error: No such container: 0a1b");

        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(LogOperations.OfApp(new() { ContainerId = "0a1b" })));

        Assert.Contains("Cannot connect to the Docker daemon", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AContainerOfARoleThatIsNotSelectedIsNotRead()
    {
        _fixture.Fleet.Answer("Find the container", "app\n\nworkers\n/app-workers-v0", "1.1.1.2");

        var error = await Assert.ThrowsAsync<KamalException>(() =>
            _fixture.RunAsync(LogOperations.OfApp(new() { ContainerId = "0a1b" }), hosts: ["1.1.1.2"], roles: ["web"]));

        Assert.Equal("The container '0a1b' on 1.1.1.2 is of the role workers, which is not selected.", error.Message);
    }

    [Theory]
    [InlineData(123, null)]
    [InlineData(1, null)]
    public async Task ALogDriverThatKeepsNothingIsTheReasonAndTheExitCodeIsTold(int exitCode, string? grep)
    {
        const string docker = "Error response from daemon: configured logging driver does not support reading";
        _fixture.Fleet.Fail("1.1.1.3", "Read the log", exitCode, docker);
        _fixture.Fleet.StreamOutput = docker + "\n";
        _fixture.Fleet.StreamExitCode = exitCode;

        foreach (var follow in (bool[])[false, true])
        {
            var error = await Assert.ThrowsAsync<KamalException>(() =>
                _fixture.RunAsync(LogOperations.OfAccessories(["redis"], new() { Filter = new() { Follow = follow, Grep = grep } })));

            error = error.Causes is [var only] ? only : error;
            Assert.Equal(exitCode, error.ExitCode);
            Assert.Contains(
                $"log driver ('none', or one that sends logs elsewhere) does not allow it (exit code {exitCode}): {docker}",
                error.Message, StringComparison.Ordinal);
            Assert.Contains("logging.driver", error.Recommendation, StringComparison.Ordinal);
        }
    }

    public void Dispose() => _fixture.Dispose();
}
