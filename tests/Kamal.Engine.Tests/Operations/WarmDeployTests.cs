using Kamal.Engine.Events;
using Kamal.Engine.Local;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

/// <summary>
/// Hosts pull the digest that the build pushed, and a commit is not built again if all hosts have its image.
/// </summary>
public sealed class WarmDeployTests : IAsyncLifetime
{
    private const string Lines = "servers: [ 1.1.1.1, 1.1.1.2 ]\nregistry: { server: ghcr.io, username: user, password: pw }\n";
    private const string Build = "docker buildx build";
    private const string Login = "docker login";

    private static readonly string Digest = "sha256:" + new string('1', 64);
    private static readonly string Pull = $"docker pull ghcr.io/dhh/app@{Digest}";

    private readonly Docker _docker = new();
    private readonly OperationFixture _fixture;
    private string _version = "";

    public WarmDeployTests()
    {
        _fixture = new OperationFixture(version: null) { Local = new() { Inner = _docker } }
            .Configure(Lines).Write("Dockerfile", "FROM scratch\n").Write(".gitignore", "state\nimages\nconfig\n");
        _fixture.Fleet.Answer("Find the running version", "v0").Answer("Start the new container", "c2");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await GitAsync("init", "-q");
        await GitAsync("add", "-A");
        await GitAsync("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "one");
        _version = (await GitAsync("rev-parse", "HEAD")).Trim();
        _docker.Output = $"#9 pushing manifest for ghcr.io/dhh/app:{_version}@{Digest} 0.1s done\n";
    }

    [Fact]
    public async Task Hosts_pull_and_tag_the_digest_that_was_pushed()
    {
        await DeployAsync();

        Assert.All(["1.1.1.1", "1.1.1.2"], host => Assert.Equal(
            [$"docker image inspect --format '{{{{.Id}}}}' ghcr.io/dhh/app@{Digest} 2>/dev/null",
                "docker login ghcr.io -u user --password-stdin >/dev/null",
                Pull + " >/dev/null", $"docker tag ghcr.io/dhh/app@{Digest} ghcr.io/dhh/app:{_version}"],
            _fixture.Fleet.Ran(host).Where(command => command.Contains(Digest, StringComparison.Ordinal)
                || command.StartsWith(Login, StringComparison.Ordinal))));
        Assert.DoesNotContain(_fixture.Fleet.Ran("1.1.1.1"), command => command.Contains("image rm --force", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_result_of_a_build_has_the_digest()
    {
        Assert.Equal(Digest, (await _fixture.RunAsync(BuildOperations.Publish(new()))).Digest);
        Assert.Null((await _fixture.PreviewAsync(BuildOperations.Publish(new()))).Digest);
        _docker.Output = "";
        Assert.Null((await _fixture.RunAsync(BuildOperations.Publish(new()))).Digest);
    }

    [Fact]
    public async Task A_host_that_has_the_image_neither_logs_in_nor_pulls()
    {
        _fixture.Fleet.Answer("Look for the image", "sha256:2", "1.1.1.1");

        await DeployAsync();

        Assert.DoesNotContain(_fixture.Fleet.Ran("1.1.1.1"), command => command.StartsWith("docker pull", StringComparison.Ordinal)
            || command.Contains("Pulled image", StringComparison.Ordinal));
        Assert.Contains(
            _fixture.Fleet.Ran("1.1.1.1"), command => command.StartsWith("docker tag ghcr.io/dhh/app@", StringComparison.Ordinal));
        Assert.Contains(Pull + " >/dev/null", _fixture.Fleet.Ran("1.1.1.2"));
        // The proxy's image may come from the same registry.
        var login = _fixture.Fleet.Scripts.SelectMany(script => script.Script.Steps)
            .First(step => step.Name == "Log in to the registry");
        Assert.Equal("'[' -z \"${present}\" ']' || ! docker container inspect kamal-proxy >/dev/null 2>/dev/null", login.When!.Text);
    }

    [Fact]
    public async Task A_mirror_is_filled_by_one_host_that_lacks_the_image()
    {
        _fixture.Configure("servers: [ 1.1.1.1, 1.1.1.2, 1.1.1.3 ]\nregistry: { username: user, password: pw }\n");
        _docker.Output = _docker.Output.Replace("ghcr.io", "docker.io", StringComparison.Ordinal);
        _fixture.Fleet.Answer("Look for a registry mirror", "https://mirror.example.com/")
            .Answer("Look for the image", "sha256:2", "1.1.1.1");

        await DeployAsync();

        Assert.Equal(
            [("Pull the image where it fills a mirror", "1.1.1.2"), ("Pull the image from the mirror", "1.1.1.1"),
                ("Pull the image from the mirror", "1.1.1.3")],
            _fixture.Fleet.Scripts.Where(script => script.Phase.Contains("mirror", StringComparison.Ordinal))
                .Select(script => (script.Phase, script.HostName)));
        Assert.Equal(
            [0, 1, 1], new[] { "1.1.1.1", "1.1.1.2", "1.1.1.3" }.Select(host => _fixture.Fleet.Ran(host).Count(command =>
                command == $"docker pull dhh/app@{Digest} >/dev/null")));
    }

    [Fact]
    public async Task A_setup_logs_in_for_the_accessories_too()
    {
        _fixture.Fleet.Answer("Look for Docker", "Docker version 29.0.1").Answer("Look for the image", "sha256:2");

        await _fixture.RunAsync(DeployOperations.Setup(new()));

        Assert.Single(_fixture.Fleet.Ran("1.1.1.1"), command => command.StartsWith(Login, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_same_commit_is_not_built_again_if_all_hosts_have_the_image()
    {
        await DeployAsync();
        var (trips, commands) = (_fixture.Fleet.RoundTrips("1.1.1.1"), _fixture.Local.Commands.Count);
        Assert.Equal(6, trips);
        HaveImage();

        await DeployAsync();

        Assert.Equal(2 * trips, _fixture.Fleet.RoundTrips("1.1.1.1"));
        Assert.All(["1.1.1.1", "1.1.1.2"], host => Assert.Single(
            _fixture.Fleet.Ran(host), command => command.StartsWith(Login, StringComparison.Ordinal)));
        Assert.All(["1.1.1.1", "1.1.1.2"], host => Assert.Single(
            _fixture.Fleet.Ran(host), command => command.StartsWith("docker pull", StringComparison.Ordinal)));
        Assert.DoesNotContain(_fixture.Local.Calls.Skip(commands), call => call.StartsWith("docker", StringComparison.Ordinal)
            || call.Contains(" fetch ", StringComparison.Ordinal));
        Assert.Single(_fixture.Sink.Events.OfType<OutputReceived>(), output => output.Line.EndsWith(
            "ago, and all hosts have it: it is not built again. -NoCache (--no-cache) builds it.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a host lacks the image")]
    [InlineData("no cache")]
    [InlineData("an argument")]
    [InlineData("a context")]
    [InlineData("uncommitted changes")]
    [InlineData("setup")]
    public async Task It_is_built_again_if_the_image_may_differ_or_is_missing(string what)
    {
        await DeployAsync();
        HaveImage();
        var commands = _fixture.Local.Commands.Count;
        if (what == "a host lacks the image") _fixture.Fleet.Answer("Look for the image that was built", "", "1.1.1.2");
        if (what == "an argument") _fixture.Configure(Lines + "builder: { arch: amd64, args: { A: b } }\n");
        if (what == "a context") _fixture.Configure(Lines + "builder: { arch: amd64, context: . }\n");
        if (what == "uncommitted changes") _fixture.Write("Dockerfile", "FROM scratch\nUSER 1\n");

        if (what == "setup") await _fixture.RunAsync(DeployOperations.Setup(new()));
        else await DeployAsync(new() { NoCache = what == "no cache" });

        Assert.Single(_fixture.Local.Calls.Skip(commands), call => call.StartsWith(Build, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("one", "one", false)]
    [InlineData("one", "two", true)]
    [InlineData(null, "", true)]
    public async Task It_is_built_again_if_the_environment_has_another_value_for_an_argument_that_has_none(
        string? first, string second, bool builds)
    {
        const string name = "KAMAL_TESTS_WARM_ARGUMENT";
        _fixture.Configure(Lines + $"builder: {{ arch: amd64, args: {{ {name}: }} }}\n");
        HaveImage();
        try
        {
            Environment.SetEnvironmentVariable(name, first);
            await DeployAsync();
            Environment.SetEnvironmentVariable(name, second);
            await DeployAsync();
        }
        finally
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        Assert.Equal(builds ? 2 : 1, _fixture.Local.Calls.Count(call => call.StartsWith(Build, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_push_of_the_working_directory_is_not_a_build_of_the_commit()
    {
        _fixture.Configure(Lines + "builder: { arch: amd64, driver: docker }\n");
        await DeployAsync();
        HaveImage();
        _fixture.Configure(Lines + "builder: { arch: amd64, driver: docker, args: { A: b } }\n");
        _docker.Digests = $"ghcr.io/dhh/app@{Digest}\n";
        _docker.Output = $"#9 pushing manifest for ghcr.io/dhh/app:{_version}-dirty@sha256:{new string('2', 64)} 0.1s done\n";

        Assert.Null((await _fixture.RunAsync(BuildOperations.Publish(new() { Dev = true, Build = new() { Output = "registry" } }))).Digest);

        var commands = _fixture.Local.Commands.Count;
        await DeployAsync();
        Assert.Contains(_fixture.Local.Calls.Skip(commands), call => call.StartsWith(Build, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_reported_digest_the_tag_is_pulled_and_the_image_is_built_again()
    {
        _docker.Output = "";
        await DeployAsync();
        HaveImage();

        await DeployAsync();

        Assert.Equal(2, _fixture.Local.Calls.Count(call => call.StartsWith(Build, StringComparison.Ordinal)));
        Assert.Equal(2, _fixture.Fleet.Ran("1.1.1.1").Count(
            command => command == $"docker pull ghcr.io/dhh/app:{_version} >/dev/null"));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("a host lacks the image", false)]
    [InlineData("the engine here lacks the image", false)]
    [InlineData("docker is not here", false)]
    public async Task Without_a_registry_the_same_commit_is_not_built_again(string what, bool isWarm)
    {
        _fixture.Configure("servers: [ 1.1.1.1, 1.1.1.2 ]\nx-kamal-ps: { transfer: direct }\n");
        _docker.Id = Digest;
        await DeployAsync();
        var (trips, commands) = (_fixture.Fleet.RoundTrips("1.1.1.1"), _fixture.Local.Commands.Count);
        _fixture.Fleet.Answer("Look for the image that was built", Digest);
        if (what == "a host lacks the image") _fixture.Fleet.Answer("Look for the image that was built", "", "1.1.1.2");
        if (what == "the engine here lacks the image") _docker.Id = "sha256:" + new string('2', 64);
        if (what == "docker is not here") _docker.IsMissing = true;

        if (what == "docker is not here") await Assert.ThrowsAsync<KamalException>(() => DeployAsync());
        else await DeployAsync();

        if (what != "docker is not here") Assert.Equal(2 * trips, _fixture.Fleet.RoundTrips("1.1.1.1"));
        Assert.Equal(isWarm || _docker.IsMissing, !_fixture.Local.Calls.Skip(commands).Any(
            call => call.StartsWith(Build, StringComparison.Ordinal)));
        Assert.Equal(isWarm, _fixture.Sink.Events.OfType<OutputReceived>().Any(
            output => output.Line.Contains("it is not built again", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_plan_has_the_condition_of_the_build()
    {
        Assert.Null(await ConditionAsync());
        await DeployAsync();

        Assert.Equal("a host lacks the image that was built from this commit", await ConditionAsync());

        // The plan of a commit is the same on every machine.
        var described = await _fixture.RunAsync(PlanOperations.Describe(new(PlannedOperation.Deploy)));
        Assert.Null(described.Phases.Single(phase => phase.Name == "Build and push the image").Condition);

        async Task<string?> ConditionAsync()
        {
            var context = await _fixture.ContextAsync(_fixture.Fleet);
            var plan = await DeployOperations.Deploy(new()).PlanAsync(context, Token);
            var view = await PlanView.OfAsync(plan, context, Token);
            return view.Phases.Single(phase => phase.Name == "Build and push the image").Condition;
        }
    }

    [Fact]
    public async Task The_record_is_private_and_a_deploy_works_even_if_it_is_invalid()
    {
        await DeployAsync();
        var file = Directory.GetFiles(
            Path.Join((await _fixture.LoadAsync()).ProjectDirectory, "state"), "*.json", SearchOption.AllDirectories).Single();
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        HaveImage();
        foreach (var text in (string[])["", "{", "[null]", "{}", "[{\"Digest\":\"$(reboot)\"}]"])
        {
            await File.WriteAllTextAsync(file, text, Token);
            var commands = _fixture.Local.Commands.Count;
            await DeployAsync();
            Assert.Contains(_fixture.Local.Calls.Skip(commands), call => call.StartsWith(Build, StringComparison.Ordinal));
        }
    }

    public ValueTask DisposeAsync()
    {
        // The clone is in the account's cache.
        foreach (var clone in _fixture.Local.Commands
            .Where(command => RecordingRunner.Call(command).Contains(" clone ", StringComparison.Ordinal))
            .Select(command => command.Arguments[1].Reveal()).Where(Directory.Exists).Distinct()) Directory.Delete(clone, recursive: true);
        _fixture.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<string> GitAsync(params string[] words)
    {
        var directory = (await _fixture.LoadAsync()).ProjectDirectory;
        var command = LocalCommand.Of("git", [.. words.Select(LocalText.Plain)]) with { WorkingDirectory = directory };
        return (await new LocalRunner().RunAsync(command, null, Token)).EnsureSucceeded().ReadOutput();
    }

    private void HaveImage() =>
        _fixture.Fleet.Answer("Look for the image that was built", "sha256:2").Answer("Look for the image", "sha256:2");

    private Task<IReadOnlyList<KamalDeployResult>> DeployAsync(DeployOptions? options = null) =>
        _fixture.RunAsync(DeployOperations.Deploy(options ?? new()));

    /// <summary>A docker that builds nothing; git is the real one.</summary>
    private sealed class Docker : ILocalRunner
    {
        private readonly LocalRunner _git = new();

        /// <summary>What a build prints.</summary>
        public string Output { get; set; } = "";

        /// <summary>The ID of the image that it has.</summary>
        public string Id { get; set; } = "";

        /// <summary>The digests of the image that it has.</summary>
        public string Digests { get; set; } = "";

        public bool IsMissing { get; set; }

        public async Task<LocalResult> RunAsync(
            LocalCommand command, IProgress<LocalOutputLine>? lines, CancellationToken cancellationToken)
        {
            if (command.FileName == "git") return await _git.RunAsync(command, lines, cancellationToken);
            if (IsMissing) throw new KamalException(KamalErrorId.LocalToolMissing, "docker is not installed.");
            if (command.OutputReader is { } read)
            {
                await read(new MemoryStream(DockerArchive.Layout(DockerArchive.Layer("app"))), cancellationToken);
            }

            var inspects = RecordingRunner.Call(command).StartsWith("docker image inspect --format {{.Id}}", StringComparison.Ordinal);
            var asks = RecordingRunner.Call(command).StartsWith("docker image inspect --format {{range", StringComparison.Ordinal);
            return new(command, 0, inspects ? Id : asks ? Digests : "", Output);
        }
    }
}
