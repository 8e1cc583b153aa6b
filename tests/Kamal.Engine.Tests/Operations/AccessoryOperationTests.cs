using Kamal.Engine.Events;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

public sealed class AccessoryOperationTests : IDisposable
{
    private const string Configuration = """
        servers: [ 1.1.1.1, 1.1.1.2 ]
        accessories:
          mysql:
            image: mysql:8.0
            host: 1.1.1.3
            port: "127.0.0.1:3306:3306"
            cmd: bin/mysqld --x
            options: { restart: always, cpus: 2 }
            env:
              clear: { HOST: "%" }
              secret: [ ROOT_PW ]
            files:
              - my.cnf.erb:/etc/mysql/my.cnf:ro
            directories:
              - data:/var/lib/mysql
              - { local: /srv/x, remote: /x, mode: "0750", owner: "5:5" }
            volumes: [ /logs:/logs ]
          search:
            image: search:1
            host: 1.1.1.1
            proxy: { host: search.example.com, app_port: 9200 }
        """;

    private readonly OperationFixture _fixture = new OperationFixture().Configure(Configuration)
        .Write("my.cnf.erb", "host=<%= ENV[\"HOST\"] %> pw=<%= ENV[\"ROOT_PW\"] %>\n");

    public static bool IsWindows => OperatingSystem.IsWindows();

    [Fact]
    public async Task BootsEverythingInOneRoundTripAHost()
    {
        var results = await _fixture.RunAsync(AccessoryOperations.Boot(["all"]));

        Assert.Equal(["Acquire the deploy lock", "Boot accessories", "Release the deploy lock"], _fixture.Fleet.Phases);
        Assert.Equal(3, _fixture.Fleet.RoundTrips("1.1.1.1"));
        Assert.Equal(1, _fixture.Fleet.RoundTrips("1.1.1.3"));
        Assert.Equal(0, _fixture.Fleet.RoundTrips("1.1.1.2"));
        Assert.Equal(
            [("1.1.1.3", "mysql", HostOutcome.Succeeded), ("1.1.1.1", "search", HostOutcome.Succeeded)],
            results.Select(result => (result.HostName, result.Accessory, result.Outcome)));
    }

    [Fact]
    public async Task StartsTheContainerAsConfigured()
    {
        await _fixture.RunAsync(AccessoryOperations.Boot(["mysql"]));

        Assert.Contains(
            "docker run --name app-mysql --detach --restart always --network kamal --log-opt max-size=10m --publish 127.0.0.1:3306:3306 " +
            "--env KAMAL_HOST=1.1.1.3 --env HOST=\"%\" --env-file .kamal/apps/app/env/accessories/mysql.env --volume /logs:/logs " +
            "--volume \"$PWD\"/app-mysql/etc/mysql/my.cnf:/etc/mysql/my.cnf:ro --volume \"$PWD\"/app-mysql/data:/var/lib/mysql " +
            "--volume /srv/x:/x " +
            "--label service=\"app-mysql\" --cpus \"2\" mysql:8.0 bin/mysqld --x >/dev/null",
            _fixture.Fleet.Ran("1.1.1.3"));
        Assert.Contains("mkdir -p /srv/x && chmod 0750 /srv/x && chown 5:5 /srv/x", _fixture.Fleet.Ran("1.1.1.3"));
    }

    [Fact]
    public async Task RendersTemplatesWithTheAccessorysVariables()
    {
        await _fixture.RunAsync(AccessoryOperations.Upload(["mysql"]));

        var step = Assert.Single(_fixture.Fleet.Scripts, script => script.HostName == "1.1.1.3").Script.Steps[0];
        Assert.Equal("host=% pw=s3cr3t-root_pw\n", System.Text.Encoding.UTF8.GetString(step.Input!.Content.Span));
        Assert.DoesNotContain(FixedSecrets.Mark, step.Command.Display + step.Input);
    }

    [Fact]
    public async Task KeepsAContainerThatIsThere()
    {
        _fixture.Fleet.Answer("Look for the accessory's container", "abc", "1.1.1.3");

        var results = await _fixture.RunAsync(AccessoryOperations.Boot([]));

        Assert.Equal(HostOutcome.Skipped, results.Single(result => result.Accessory == "mysql").Outcome);
        Assert.DoesNotContain(_fixture.Fleet.Ran("1.1.1.3"), command => command.StartsWith("docker run", StringComparison.Ordinal));
        Assert.Contains(_fixture.Fleet.Ran("1.1.1.1"), command => command.StartsWith("docker run", StringComparison.Ordinal));
        Assert.Contains(
            _fixture.Sink.Events.OfType<MessageEmitted>(),
            message => message.Text == "Skipping booting mysql on 1.1.1.3, a container already exists");
    }

    [Fact]
    public async Task RebootsWithAFreshImageInOneRoundTrip()
    {
        await _fixture.RunAsync(AccessoryOperations.Reboot(["search"]));

        Assert.Equal(3, _fixture.Fleet.RoundTrips("1.1.1.1"));
        var docker = _fixture.Fleet.Ran("1.1.1.1").Where(command => command.StartsWith("docker", StringComparison.Ordinal))
            .Select(command => string.Join(' ', command.Split(' ')[1..3]));
        Assert.Equal(
            [
                "login -u", "network inspect", "image pull", "container stop", "exec kamal-proxy", "container prune", "ps -a",
                "run --name", "container ls"],
            docker);
    }

    [Fact]
    public async Task TellsEveryAccessoryAndHostWhenOneFails()
    {
        _fixture.Fleet.Fail("1.1.1.3", "Start the accessory's container");

        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(AccessoryOperations.Boot([])));

        Assert.Equal(KamalErrorId.OperationFailed, error.Id);
        var outcomes = _fixture.Sink.Events.OfType<ResultProduced>().Select(produced => (KamalHostResult)produced.Result)
            .ToDictionary(result => result.Accessory!, result => result.Outcome);
        Assert.Equal(HostOutcome.Failed, outcomes["mysql"]);
        Assert.Equal(HostOutcome.Succeeded, outcomes["search"]);
        Assert.Equal("mysql", Assert.Single(_fixture.Sink.Events.OfType<HostFailed>()).Error.Accessory);
        Assert.Contains("Release the deploy lock", _fixture.Fleet.Phases);
    }

    [Fact]
    public async Task NamesTheAccessoriesThereAreWhenOneIsUnknown()
    {
        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(AccessoryOperations.Start(["nosuch"])));

        Assert.Equal(KamalErrorId.AccessoryNotFound, error.Id);
        Assert.Equal("There is no accessory 'nosuch'; there are mysql, search.", error.Message);
        Assert.Empty(_fixture.Fleet.Scripts);
    }

    [Fact]
    public async Task FindsAMissingFileBeforeItReachesAHost()
    {
        _fixture.Configure(Configuration.Replace("my.cnf.erb", "gone.cnf", StringComparison.Ordinal));

        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(AccessoryOperations.Boot(["mysql"])));

        Assert.Equal(KamalErrorId.FileUnavailable, error.Id);
        Assert.Equal(0, _fixture.Fleet.RoundTrips("1.1.1.3"));
    }

    [Theory(Skip = "There, templates are read as Ruby reads them.", SkipWhen = nameof(IsWindows))]
    [InlineData("i/lf    w/crlf  attr/text=auto \tmy.cnf.erb\n", "[mysqld]\nx=1\n")]
    [InlineData("i/crlf  w/crlf  attr/          \tmy.cnf.erb\n", "[mysqld]\r\nx=1\r\n")]
    public async Task RendersTemplatesWithTheLineEndsThatAreCommitted(string eol, string expected)
    {
        _fixture.Write("my.cnf.erb", "[mysqld]\r\nx=<%= 1 %>\r\n");
        _fixture.Local.LineEnds = eol;

        await _fixture.RunAsync(AccessoryOperations.Upload(["mysql"]));

        var step = Assert.Single(_fixture.Fleet.Scripts, script => script.HostName == "1.1.1.3").Script.Steps[0];
        Assert.Equal(expected, System.Text.Encoding.UTF8.GetString(step.Input!.Content.Span));
    }

    [Theory]
    [InlineData("#!/bin/sh\r\nls\r\n", "i/crlf w/crlf ", ", so Linux will not find the interpreter after its #!: save it with LF.")]
    [InlineData("#!/bin/sh\r\nls\r\n", "i/lf w/crlf ", ", so Linux will not find the interpreter after its #!. It is committed with LF: "
        + "set `text eol=lf` for it in .gitattributes and check it out again.")]
    [InlineData("[a]\r\n", "i/lf w/crlf ",
        ", but is committed with LF: set `text eol=lf` for it in .gitattributes and check it out again.")]
    [InlineData("[a]\r\n", "i/crlf w/crlf ", null)]
    [InlineData("[a]\r\n", "", null)]
    [InlineData("#!/bin/sh\n", "i/lf w/lf ", null)]
    [InlineData("\0\r\n", "i/lf w/crlf ", null)]
    public async Task WarnsAboutWindowsLineEndings(string content, string eol, string? warning)
    {
        _fixture.Configure(Configuration.Replace("my.cnf.erb", "setup", StringComparison.Ordinal)).Write("setup", content);
        _fixture.Local.LineEnds = eol;

        await _fixture.RunAsync(AccessoryOperations.Upload(["mysql"]));

        Assert.Equal(
            warning is null ? [] : [$"The file setup of the accessory mysql has CRLF line endings{warning}"],
            _fixture.Sink.Messages.Where(message => message.Severity == MessageSeverity.Warning).Select(message => message.Text));
    }

    [Fact]
    public async Task UpgradesHostByHost()
    {
        await _fixture.RunAsync(AccessoryOperations.Upgrade([], rolling: true));

        Assert.Equal(
            ["1.1.1.3", "1.1.1.1"],
            _fixture.Fleet.Scripts.Where(script => script.Phase == "Boot accessories").Select(script => script.HostName));
    }

    [Theory]
    [
        InlineData(
            nameof(AccessoryOperations.Stop), "docker container stop app-search >/dev/null",
            "docker exec kamal-proxy kamal-proxy remove app-search")]
    [InlineData(nameof(AccessoryOperations.PullImage), "docker image pull search:1 >/dev/null")]
    [InlineData(nameof(AccessoryOperations.RemoveContainer), "docker container prune --force --filter label=service=app-search >/dev/null")]
    [
        InlineData(
            nameof(AccessoryOperations.RemoveImage),
            "users=\"$(docker ps -a --filter ancestor=search:1 --format '{{.Names}}' | grep -vxF app-search)\" ; { '[' -n " +
            "\"${users}\" ']' && echo $users || docker image rm --force search:1 >/dev/null ; }")]
    [InlineData(nameof(AccessoryOperations.RemoveDirectory), "rm -rf app-search")]
    public async Task DoesExactly(string operation, params string[] commands)
    {
        await _fixture.RunAsync(operation switch
        {
            nameof(AccessoryOperations.Stop) => AccessoryOperations.Stop(["search"]),
            nameof(AccessoryOperations.PullImage) => AccessoryOperations.PullImage(["search"]),
            nameof(AccessoryOperations.RemoveContainer) => AccessoryOperations.RemoveContainer(["search"]),
            nameof(AccessoryOperations.RemoveImage) => AccessoryOperations.RemoveImage(["search"]),
            _ => AccessoryOperations.RemoveDirectory(["search"]),
        });

        var script = Assert.Single(_fixture.Fleet.Scripts, script => !script.Phase.Contains("lock", StringComparison.Ordinal)).Script;
        Assert.Equal(
            commands,
            script.Steps.Select(step => step.Command.Text).Where(text => !text.Contains("audit.log", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task PreviewReachesNobody()
    {
        var results = await _fixture.PreviewAsync(AccessoryOperations.Remove([]));

        Assert.All(results, result => Assert.Equal(HostOutcome.Previewed, result.Outcome));
        Assert.Contains(_fixture.Sink.Events.OfType<StepPreviewed>(), step => step.Step.Command.Text == "rm -rf app-mysql");
        Assert.Empty(_fixture.Local.Commands);
    }

    public void Dispose() => _fixture.Dispose();
}
