using Kamal.Engine.Events;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

public sealed class PublishImageOperationTests : IDisposable
{
    private const string Build = "docker buildx build --output=type=registry --platform linux/amd64 --builder " +
        "kamal-local-docker-container -t dhh/app:v1 -t dhh/app:latest --label service=app --file Dockerfile .";

    private readonly OperationFixture _fixture = new OperationFixture().Write("Dockerfile", "FROM scratch\n");

    private IEnumerable<string> Warnings() => _fixture.Sink.Events.OfType<MessageEmitted>()
        .Where(message => message.Severity == MessageSeverity.Warning).Select(message => message.Text);

    private static Operation<KamalImageBuild> Publish(BuildOptions? build = null, bool deliver = false, bool dev = false) =>
        BuildOperations.Publish(new() { Build = build ?? new(), Deliver = deliver, Dev = dev });

    [Fact]
    public async Task Checks_logs_in_looks_for_the_builder_and_builds()
    {
        _fixture.Configure("builder: { arch: amd64, context: . }\n");
        var result = await _fixture.RunAsync(Publish());
        Assert.Equal(
            ["docker buildx version", "docker login -u user --password-stdin", "docker buildx inspect kamal-local-docker-container", Build],
            _fixture.Local.Displays);
        Assert.Empty(_fixture.Fleet.Scripts);
        Assert.Equal(
            ("dhh/app:v1", "v1", HostOutcome.Succeeded, BuilderKind.Local, "registry"),
            (result.Image, result.Version, result.Outcome, result.Builder, result.Output));
        Assert.Equal(["dhh/app:v1", "dhh/app:latest"], result.Tags);
        Assert.Contains(result, _fixture.Sink.Events.OfType<ResultProduced>().Select(produced => produced.Result));
    }

    [Fact]
    public async Task The_password_is_input_and_build_secrets_are_environment()
    {
        _fixture.Configure("builder: { arch: amd64, context: ., secrets: [ PW ] }\n");
        await _fixture.RunAsync(Publish());
        var secret = (await new FixedSecrets().GetAsync("PW", TestContext.Current.CancellationToken)).Reveal();
        var build = _fixture.Local.Commands[^1];
        Assert.Equal(secret, build.Environment["PW"]!.Reveal());
        Assert.StartsWith("PW=[REDACTED] docker buildx build ", build.Display, StringComparison.Ordinal);
        Assert.NotNull(_fixture.Local.Commands[1].Input);
        Assert.DoesNotContain(
            _fixture.Local.Commands,
            command => command.Arguments.Any(argument => argument.Reveal().Contains(secret, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_missing_builder_is_made()
    {
        _fixture.Configure("builder: { arch: amd64, context: . }\n");
        _fixture.Local.Answer = command => command.Display.StartsWith("docker buildx inspect", StringComparison.Ordinal)
            ? new(command, 1, "", "ERROR: no builder \"kamal-local-docker-container\" found\n") : null;
        await _fixture.RunAsync(Publish());
        Assert.Equal(
            [
                "docker buildx rm kamal-local-docker-container",
                "docker buildx create --name kamal-local-docker-container --driver=docker-container", Build],
            _fixture.Local.Displays.Skip(3));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_builder_whose_engine_is_gone_is_created_again_if_the_local_engine_answers(bool answers)
    {
        _fixture.Configure("builder: { arch: amd64, context: . }\n");
        _fixture.Local.Answer = command => command.Display switch
        {
            "docker buildx inspect kamal-local-docker-container" =>
                new(command, 0, "Nodes:\nEndpoint: colima\nError:    unable to parse docker host `colima`\n"),
            "docker version --format '{{.Server.Version}}'" => new(command, answers ? 0 : 1),
            _ => null,
        };
        await _fixture.RunAsync(Publish());
        Assert.Equal(
            answers
                ? ["docker buildx rm kamal-local-docker-container",
                    "docker buildx create --name kamal-local-docker-container --driver=docker-container", Build]
                : [Build],
            _fixture.Local.Displays.Skip(4));
        Assert.Equal(
            answers ? ["The builder kamal-local-docker-container is created again: unable to parse docker host `colima`."] : [],
            Warnings());
    }

    [Theory]
    [InlineData("ssh://app@old\n", "The builder kamal-remote-ssh---app-builder is created again: "
        + "it builds on ssh://app@old, not on ssh://app@builder.")]
    [InlineData(null, "The builder kamal-remote-ssh---app-builder is created again: "
        + "its docker context kamal-remote-ssh---app-builder-context does not exist.")]
    [InlineData("ssh://app@builder\n", null)]
    public async Task A_remote_builder_on_another_machine_is_created_again_with_the_reason(string? contextHost, string? warning)
    {
        _fixture.Configure("builder: { arch: arm64, context: ., remote: \"ssh://app@builder\", local: false }\n");
        _fixture.Local.Answer = command =>
            command.Display.StartsWith("docker buildx inspect", StringComparison.Ordinal)
                ? new(command, 0, "Endpoint: kamal-remote-ssh---app-builder-context\n")
            : command.Display.StartsWith("docker context inspect", StringComparison.Ordinal)
                ? new(command, contextHost is null ? 1 : 0, contextHost ?? "")
            : null;
        await _fixture.RunAsync(Publish());
        Assert.Equal(warning is null ? [] : [warning], Warnings());
        Assert.Equal(
            warning is not null, _fixture.Local.Displays.Any(line => line.StartsWith("docker buildx create", StringComparison.Ordinal)));
        Assert.Equal(warning is null ? [] : ["true"], _fixture.Fleet.Ran("app@builder"));
    }

    [Theory]
    [InlineData("", "docker login -u user --password-stdin")]
    [InlineData("docker.io", null)]
    public async Task With_a_remote_builder_this_machine_logs_in_unless_Docker_has_a_login(string known, string? login)
    {
        _fixture.Configure("builder: { arch: arm64, context: ., remote: \"ssh://app@builder\", local: false }\n");
        _fixture.DockerLogins.Add(known);
        await _fixture.RunAsync(Publish());
        Assert.Equal(login, _fixture.Local.Displays.SingleOrDefault(line => line.StartsWith("docker login", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_engine_that_does_not_answer_is_no_missing_builder()
    {
        _fixture.Configure("builder: { arch: amd64, context: . }\n");
        _fixture.Local.Answer = command => command.Display.StartsWith("docker buildx inspect", StringComparison.Ordinal)
            ? new(command, 1, "", "Cannot connect to the Docker daemon at unix:///var/run/docker.sock.\n") : null;
        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(Publish()));
        Assert.Equal(KamalErrorId.BuildFailed, error.Id);
        Assert.Contains("Cannot connect to the Docker daemon", error.Message, StringComparison.Ordinal);
        Assert.StartsWith("The builder could not be inspected: Docker is not running on this machine.", error.Message,
            StringComparison.Ordinal);
        Assert.Equal(CauseName.DockerNotRunning, error.Cause?.Name);
    }

    [Fact]
    public async Task A_login_that_is_rejected_here_says_why_and_what_to_do()
    {
        _fixture.Configure("builder: { arch: amd64, context: . }\n");
        _fixture.Local.Answer = command => command.Display.StartsWith("docker login", StringComparison.Ordinal)
            ? new(command, 1, "", "Error response from daemon: Get \"https://registry-1.docker.io/v2/\": unauthorized: incorrect\n") : null;

        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(Publish()));

        Assert.Equal(KamalErrorId.LocalCommandFailed, error.Id);
        Assert.Equal(
            "This machine could not log in to the registry: the registry registry-1.docker.io rejects the user name or password.\n" +
            "Error response from daemon: Get \"https://registry-1.docker.io/v2/\": unauthorized: incorrect", error.Message);
        Assert.Equal(CauseName.RegistryLoginFailed, error.Cause?.Name);
        Assert.Contains("registry.password", error.Recommendation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_build_says_its_last_lines()
    {
        _fixture.Configure("builder: { arch: amd64, context: ., args: { TOKEN: hush } }\n");
        _fixture.Local.Answer = command => command.Display.Contains("buildx build", StringComparison.Ordinal)
            ? new(command, 1, "", "#5 ERROR: process \"npm ci\" did not complete\n") : null;
        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(Publish()));
        Assert.Equal(KamalErrorId.BuildFailed, error.Id);
        Assert.StartsWith("The image could not be built: `docker buildx build", error.Message, StringComparison.Ordinal);
        Assert.Contains("did not complete", error.Message, StringComparison.Ordinal);
        Assert.Equal(CauseName.BuildFailed, error.Cause?.Name);
        Assert.NotNull(error.Recommendation);
        Assert.DoesNotContain("hush", error.Message + error.Command, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_in_a_failed_step_is_redacted_before_the_step_is_shortened()
    {
        _fixture.Configure("builder: { arch: amd64, context: . }\n");
        _fixture.Local.Answer = command => command.Display.Contains("buildx build", StringComparison.Ordinal)
            ? new(command, 1, "", $"ERROR: process \"/bin/sh -c {new string('x', 77)} s3cret-token\" did not complete successfully: "
                + "exit code: 1\n")
            : null;
        var context = (await _fixture.ContextAsync(_fixture.Fleet)) with
        {
            Redact = text => text.Replace("s3cret-token", "[REDACTED]", StringComparison.Ordinal),
        };

        var error = await Assert.ThrowsAsync<KamalException>(
            () => Publish().RunAsync(context, _fixture.Sink, TestContext.Current.CancellationToken));

        Assert.DoesNotContain("s3", error.Message.Split('\n')[0] + error.Cause?.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "Docker is not installed")]
    [InlineData(false, "buildx plugin is not installed")]
    public async Task Missing_tools_are_named(bool docker, string expected)
    {
        _fixture.Configure("builder: { arch: amd64, context: . }\n");
        _fixture.Local.Answer = command => docker
            ? throw new KamalException(KamalErrorId.LocalToolMissing, "no docker")
            : new(command, 1, "", "docker: 'buildx' is not a docker command.\n");
        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(Publish()));
        Assert.Equal(KamalErrorId.LocalToolMissing, error.Id);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_Dockerfile_is_told_before_the_build()
    {
        _fixture.Configure("builder: { arch: amd64, context: ., dockerfile: Other }\n");
        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(Publish()));
        Assert.Equal(KamalErrorId.BuildFailed, error.Id);
        Assert.Contains("There is no Dockerfile", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registry_on_this_machine_is_started_and_a_remote_builder_reaches_it_while_it_builds()
    {
        _fixture.Configure(
            "registry: { server: \"localhost:5555\" }\nbuilder: { arch: arm64, context: ., remote: \"ssh://app@builder:2222\", " +
            "local: false }\n");
        _fixture.Local.Answer = command => command.Display switch
        {
            "docker start kamal-docker-registry" => new(command, 1, "", "No such container"),
            var build when build.Contains("buildx build", StringComparison.Ordinal) =>
                _fixture.Fleet.Forwards is ["app@builder:2222 5555"] ? null : new(command, 1, "", "no forwarding"),
            _ => null,
        };
        await _fixture.RunAsync(Publish());
        Assert.Equal(
            [
                "docker buildx version", "docker start kamal-docker-registry",
                "docker run --detach -p 127.0.0.1:5555:5000 --name kamal-docker-registry registry:3"],
            _fixture.Local.Displays.Take(3));
        Assert.StartsWith("BUILDKIT_NO_CLIENT_TOKEN=1 docker buildx build", _fixture.Local.Displays.Last(), StringComparison.Ordinal);
        Assert.Equal(["app@builder:2222 5555", "app@builder:2222 5555 closed"], _fixture.Fleet.Forwards);
    }

    [Fact]
    public async Task Hosts_reach_the_registry_on_this_machine_while_they_pull()
    {
        _fixture.Configure("servers: [ 1.1.1.1, 1.1.1.2 ]\nregistry: { server: \"localhost:5555\" }\n");
        var results = await _fixture.RunAsync(BuildOperations.Install());
        Assert.Equal(["1.1.1.1 5555", "1.1.1.2 5555", "1.1.1.1 5555 closed", "1.1.1.2 5555 closed"], _fixture.Fleet.Forwards);
        Assert.Equal(
            [("1.1.1.1", HostOutcome.Succeeded), ("1.1.1.2", HostOutcome.Succeeded)],
            results.Select(result => (result.HostName, result.Outcome)));
        Assert.DoesNotContain(_fixture.Fleet.Ran("1.1.1.1"), command => command.Contains("login", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_host_that_cannot_pull_is_among_the_results()
    {
        _fixture.Configure("servers: [ 1.1.1.1, 1.1.1.2 ]\n");
        _fixture.Fleet.Fail("1.1.1.2", "Pull the image");
        await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(BuildOperations.Install()));
        Assert.Equal(
            [("1.1.1.1", HostOutcome.Succeeded), ("1.1.1.2", HostOutcome.Failed)],
            _fixture.Sink.Events.OfType<ResultProduced>().Select(produced => (KamalHostResult)produced.Result)
                .Select(result => (result.HostName, result.Outcome)));
    }

    [Fact]
    public async Task Delivering_builds_and_then_pulls()
    {
        _fixture.Configure("builder: { arch: amd64, context: . }\n");
        await _fixture.RunAsync(Publish(deliver: true));
        Assert.Equal(Build, _fixture.Local.Displays.Last());
        Assert.Contains("docker pull dhh/app:v1 >/dev/null", _fixture.Fleet.Ran("1.1.1.1"));
    }

    [Fact]
    public async Task The_working_directory_is_built_with_warnings_and_stays_here()
    {
        _fixture.Configure("builder: { arch: amd64 }\n");
        var result = await _fixture.RunAsync(Publish(dev: true));
        Assert.Equal(
            [
                "docker buildx version",
                Build.Replace("registry", "docker", StringComparison.Ordinal)
                    .Replace("app:v1", "app:v1-dirty", StringComparison.Ordinal)
                    .Replace("app:latest", "app:latest-dirty", StringComparison.Ordinal)],
            _fixture.Local.Displays);
        Assert.Equal("dhh/app:v1-dirty", result.Image);
    }

    [Fact]
    public async Task Uncommitted_changes_of_a_context_are_warned_of()
    {
        _fixture.Configure("builder: { arch: amd64, context: . }\n");
        _fixture.Local.Uncommitted = " M app.rb\n";
        await _fixture.RunAsync(Publish());
        Assert.Contains(
            _fixture.Sink.Events.OfType<MessageEmitted>(),
            message => message.Severity == MessageSeverity.Warning && message.Text.Contains("M app.rb", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_preview_shows_the_clone_and_the_build_and_changes_nothing()
    {
        _fixture.Configure("builder: { arch: amd64 }\n");
        var result = await _fixture.PreviewAsync(Publish());
        var shown = _fixture.Sink.Events.OfType<LocalPreviewed>().Select(previewed => previewed.Command).ToList();
        Assert.Equal(["docker login -u user --password-stdin", Build], [shown[0], shown[^1]]);
        Assert.Contains(" clone -c core.autocrlf=false /project --recurse-submodules", shown[1], StringComparison.Ordinal);
        Assert.Equal(HostOutcome.Previewed, result.Outcome);
    }

    [Fact]
    public async Task Dev_and_deliver_exclude_each_other()
    {
        _fixture.Configure("");
        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(Publish(dev: true, deliver: true)));
        Assert.Equal(KamalErrorId.ArgumentInvalid, error.Id);
    }

    public void Dispose() => _fixture.Dispose();
}
