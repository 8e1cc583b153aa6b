using System.Text;
using Kamal.Engine.Events;
using Kamal.Engine.Local;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

/// <summary>An image that the .NET SDK builds, on a machine without Docker.</summary>
public sealed class DotnetBuildTests : IDisposable
{
    private const string Registry = "builder: { arch: amd64, context: . }\nx-kamal-ps: { builder: { dotnet: {} } }\n";
    private const string Direct = "builder: { arch: amd64, context: . }\nx-kamal-ps: { transfer: direct, builder: { dotnet: {} } }\n";
    private const string Bare = "service: shop\nservers: [ 1.1.1.1 ]\n" + Registry;
    private static readonly DeployOptions SkipPush = new() { SkipPush = true };

    private readonly OperationFixture _fixture = new OperationFixture().Write("App.csproj", "<Project />");
    private readonly List<(string Path, string Text, UnixFileMode Mode)> _files = [];
    private string? _directory;

    public DotnetBuildTests()
    {
        _fixture.Fleet.Answer("Find the running version", "v0").Answer("Start the new container", "c1");
        _fixture.Local.Answer = command => Builds(command) ? Publish(command) : new(command, 0, "10.0.100\n");
    }

    private string Published => _fixture.Local.Displays.Single(text => text.Contains("dotnet publish", StringComparison.Ordinal));

    private IEnumerable<string> Docker => _fixture.Local.Displays.Where(text => text.Contains("docker ", StringComparison.Ordinal));

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task It_needs_nothing_but_the_SDK_and_pushes_to_the_registry()
    {
        _fixture.Configure(Registry);
        var result = await _fixture.RunAsync(Publish());

        Assert.Equal(2, _fixture.Local.Commands.Count);
        Assert.Equal("dotnet --version", _fixture.Local.Displays.First());
        Assert.Contains(" -p:ContainerRegistry=docker.io -p:ContainerRepository=dhh/app ", Published, StringComparison.Ordinal);
        Assert.Equal(
            ("dhh/app:v1", HostOutcome.Succeeded, BuilderKind.Dotnet, "registry"),
            (result.Image, result.Outcome, result.Builder, result.Output));
        Assert.Equal(["dhh/app:v1", "dhh/app:latest"], result.Tags);
    }

    [Fact]
    public async Task The_login_is_a_private_file_that_is_gone_afterwards_and_nothing_else()
    {
        _fixture.Configure(Registry);
        await _fixture.RunAsync(Publish());

        var secret = (await new FixedSecrets().GetAsync("PW", TestContext.Current.CancellationToken)).Reveal();
        var (path, text, mode) = _files.Single(file => Path.GetFileName(file.Path) == "config.json");
        Assert.Contains(Convert.ToBase64String(Encoding.UTF8.GetBytes($"user:{secret}")), text, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode);
        Assert.False(Directory.Exists(Path.GetDirectoryName(path)));
        Assert.DoesNotContain(_fixture.Local.Commands, command => command.Arguments.Select(argument => argument.Reveal())
            .Concat(command.Environment.Values.Select(value => value?.Reveal() ?? ""))
            .Any(given => given.Contains(secret, StringComparison.Ordinal)));
        var targets = _files.Single(file => file.Path.EndsWith(".targets", StringComparison.Ordinal));
        Assert.Contains("Value=\"app\"", targets.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_registry_it_is_stored_and_sent_and_no_login_is_made()
    {
        _fixture.Write("config/deploy.yml", Bare);
        await _fixture.RunAsync(DeployOperations.Deploy(new()));

        Assert.DoesNotContain(_files, file => Path.GetFileName(file.Path) == "config.json");
        Assert.Contains(
            " -p:ContainerImageTags=v1 -p:ContainerImageTag= -p:ContainerArchiveOutputPath=", Published, StringComparison.Ordinal);
        Assert.Empty(Docker);
        Assert.Contains(
            _fixture.Fleet.Ran("1.1.1.1"), text => text.Contains("docker pull localhost:5001/shop@sha256:", StringComparison.Ordinal));
        Assert.False(Directory.Exists(_directory));

        // Once more without a build: it is still there.
        await _fixture.RunAsync(DeployOperations.Deploy(SkipPush));
        Assert.Single(_fixture.Local.Displays, text => text.Contains("dotnet publish", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_direct_transfer_logs_in_for_the_base_image_if_there_is_a_registry()
    {
        _fixture.Configure(Direct);
        await _fixture.RunAsync(DeployOperations.Deploy(new()));
        Assert.Contains(_files, file => Path.GetFileName(file.Path) == "config.json");
        Assert.DoesNotContain(_fixture.Fleet.Ran("1.1.1.1"), text => text.Contains("docker login -u", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_image_that_was_not_built_here_cannot_be_sent()
    {
        _fixture.Configure(Direct);
        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(DeployOperations.Deploy(SkipPush)));
        Assert.Equal((KamalErrorId.ImageInvalid, CauseName.ImageNotFound), (error.Id, error.Cause!.Name));
        Assert.Contains("This machine has not built the image dhh/app:v1", error.Message, StringComparison.Ordinal);
        Assert.Contains("-SkipPush", error.Recommendation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_no_image_is_told_and_stored_nowhere(bool isThere)
    {
        _fixture.Configure(Direct);
        _fixture.Local.Answer = command =>
        {
            if (isThere && Argument(command, "ContainerArchiveOutputPath=") is { Length: > 0 } archive) File.WriteAllText(archive, "no");
            return new(command, 0, "10.0.100\n");
        };
        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(Publish()));
        Assert.Equal(KamalErrorId.ImageInvalid, error.Id);
        Assert.StartsWith("What the build wrote for dhh/app:v1 is not an image", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_build_begins_with_its_errors_and_leaves_nothing()
    {
        _fixture.Configure(Registry);
        var answer = _fixture.Local.Answer;
        _fixture.Local.Answer = command => !Builds(command) ? answer(command) : new(command, 1,
            $"  Determining projects to restore...\n{command.WorkingDirectory}/Program.cs(3,5): error CS1002: ; expected [/x/App.csproj]\n"
                + $"{command.WorkingDirectory}/B.cs(1,1): error CS0103: no b [/x/App.csproj]\n");
        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(Publish()));

        Assert.Equal((KamalErrorId.BuildFailed, CauseName.BuildFailed, 1), (error.Id, error.Cause!.Name, error.ExitCode));
        Assert.Equal(
            "The image could not be built: Program.cs(3,5): error CS1002: ; expected\nB.cs(1,1): error CS0103: no b", error.Message);
        Assert.Equal(["Program.cs(3,5): error CS1002: ; expected", "B.cs(1,1): error CS0103: no b"], error.Cause.Evidence);
        Assert.Contains("dotnet publish", error.Command, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_build_that_fails_without_an_error_says_its_last_lines()
    {
        _fixture.Configure(Registry);
        var answer = _fixture.Local.Answer;
        _fixture.Local.Answer = command => Builds(command) ? new(command, 137, "a\nb\nKilled\n") : answer(command);
        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(Publish()));
        Assert.StartsWith("The image could not be built: `", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("ended with exit code 137.\na\nb\nKilled", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("8.0.119", "amd64", "The .NET SDK 8.0.119 cannot build images: 8.0.200 or later is needed.")]
    [InlineData("7.0.410", "amd64", "8.0.200 or later")]
    [InlineData("8.0.404", "[ amd64, arm64 ]", "for one architecture only: 8.0.405, 9.0.102 or later")]
    [InlineData("9.0.101", "[ amd64, arm64 ]", "for one architecture only")]
    [InlineData("8.0.200", "amd64", null)]
    [InlineData("8.0.405", "[ amd64, arm64 ]", null)]
    [InlineData("10.0.100-rc.1.25451.107", "[ amd64, arm64 ]", null)]
    public async Task An_old_SDK_is_told_before_the_build(string version, string architectures, string? expected)
    {
        _fixture.Configure($"builder: {{ arch: {architectures}, context: . }}\nx-kamal-ps: {{ builder: {{ dotnet: {{}} }} }}\n");
        var answer = _fixture.Local.Answer;
        _fixture.Local.Answer = command => command.Arguments[0].Reveal() == "--version" ? new(command, 0, version + "\n") : answer(command);
        if (expected is null)
        {
            await _fixture.RunAsync(Publish());
            return;
        }

        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(Publish()));
        Assert.Equal(KamalErrorId.LocalToolMissing, error.Id);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("global.json", error.Recommendation, StringComparison.Ordinal);
        Assert.Single(_fixture.Local.Commands);
    }

    [Fact]
    public async Task A_machine_without_an_SDK_is_told_so()
    {
        _fixture.Configure(Registry);
        _fixture.Local.Answer = _ => throw new KamalException(KamalErrorId.LocalToolMissing, "no dotnet");
        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(Publish()));
        Assert.Equal("The .NET SDK is not installed on this machine, or not in PATH.", error.Message);
        Assert.Contains("https://dotnet.microsoft.com/download", error.Recommendation, StringComparison.Ordinal);

        _fixture.Local.Answer = command => new(command, 155, "", "A compatible .NET SDK was not found.\n");
        error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(Publish()));
        Assert.Equal(KamalErrorId.LocalToolMissing, error.Id);
        Assert.Contains("A compatible .NET SDK was not found.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_project_is_told_before_the_build()
    {
        _fixture.Configure("builder: { arch: amd64, context: . }\nx-kamal-ps: { builder: { dotnet: { project: src/Web } } }\n");
        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(Publish()));
        Assert.Equal(KamalErrorId.BuildFailed, error.Id);
        Assert.Contains("There is no .NET project ", error.Message, StringComparison.Ordinal);
        Assert.Contains(Path.Combine("src", "Web"), error.Message, StringComparison.Ordinal);

        _fixture.Write("src/Web/Web.fsproj", "<Project />");
        await _fixture.RunAsync(Publish());
        Assert.Contains("dotnet publish src/Web -t:PublishContainer --nologo", Published, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_builds_in_the_context()
    {
        _fixture.Configure("builder: { arch: amd64, context: web }\nx-kamal-ps: { builder: { dotnet: {} } }\n").Write("web/Web.csproj", "");
        await _fixture.RunAsync(Publish());
        Assert.All(_fixture.Local.Commands, command => Assert.Equal("web", Path.GetFileName(command.WorkingDirectory)));
    }

    [Fact]
    public async Task The_working_directory_goes_into_this_machines_engine()
    {
        _fixture.Configure(Registry);
        var result = await _fixture.RunAsync(Publish(dev: true));
        Assert.Contains(
            " -p:ContainerRegistry= -p:ContainerRepository=dhh/app '-p:ContainerImageTags=\"v1-dirty;latest-dirty\"' ",
            Published, StringComparison.Ordinal);
        Assert.Equal(("docker", "dhh/app:v1-dirty"), (result.Output, result.Image));
    }

    [Theory]
    [InlineData("local,dest=out", Registry, "-Output (--output) takes registry or docker")]
    [InlineData("registry", Bare, "There is no registry")]
    public async Task An_output_of_buildx_is_refused(string output, string lines, string expected)
    {
        if (lines.StartsWith("service", StringComparison.Ordinal)) _fixture.Write("config/deploy.yml", lines);
        else _fixture.Configure(lines);
        var operation = BuildOperations.Publish(new() { Build = new() { Output = output } });
        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(operation));
        Assert.Equal(KamalErrorId.ArgumentInvalid, error.Id);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Empty(_fixture.Local.Commands);
    }

    [Fact]
    public async Task A_preview_shows_the_build_and_writes_nothing()
    {
        _fixture.Configure(Direct);
        await _fixture.PreviewAsync(DeployOperations.Deploy(new()));
        var shown = _fixture.Sink.Events.OfType<LocalPreviewed>().Select(previewed => previewed.Command).ToList();
        var publish = Assert.Single(shown);
        Assert.Contains("dotnet publish -t:PublishContainer --nologo -c Release -r linux-x64 ", publish, StringComparison.Ordinal);
        Assert.StartsWith("DOCKER_CONFIG=", publish, StringComparison.Ordinal);
        Assert.Empty(_files);
        Assert.False(Directory.Exists(publish.Split('=', ' ')[1]));
    }

    [Fact]
    public async Task This_machine_does_not_log_in_to_the_registry()
    {
        _fixture.Configure(Registry);
        await _fixture.RunAsync(RegistryOperations.Connect(new()));
        await _fixture.RunAsync(RegistryOperations.Disconnect(new()));
        Assert.Empty(_fixture.Local.Commands);
        Assert.Contains(_fixture.Fleet.Ran("1.1.1.1"), text => text.StartsWith("docker login", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_has_no_builder_to_make_and_tells_its_SDK()
    {
        _fixture.Configure(Registry);
        await _fixture.RunAsync(BuildOperations.NewBuilder());
        await _fixture.RunAsync(BuildOperations.RemoveBuilder());
        var builder = await _fixture.RunAsync(BuildOperations.GetBuilder());
        Assert.Equal((BuilderKind.Dotnet, true, "10.0.100"), (builder.Kind, builder.IsCreated, builder.Text));
        Assert.Empty(Docker);
    }

    private static bool Builds(LocalCommand command) => command.Arguments[0].Reveal() is "publish" or "msbuild";

    private static Operation<KamalImageBuild> Publish(bool dev = false) => BuildOperations.Publish(new() { Dev = dev });

    /// <summary>What the SDK does: it reads its files, and may write an image.</summary>
    private LocalResult Publish(LocalCommand command)
    {
        _directory = Path.GetDirectoryName(Argument(command, "CustomAfterMicrosoftCommonTargets="))!;
        if (!Directory.Exists(_directory)) return new(command, 0);
        foreach (var file in Directory.GetFiles(_directory))
        {
            _files.Add((file, File.ReadAllText(file), OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(file)));
        }

        if (Argument(command, "ContainerArchiveOutputPath=") is { Length: > 0 } archive)
        {
            File.WriteAllBytes(archive, DockerArchive.Dotnet(DockerArchive.Layer("base"), DockerArchive.Layer("app", 20)));
        }

        return new(command, 0, "  Pushed image\n");
    }

    private static string Argument(LocalCommand command, string name) => command.Arguments.Select(argument => argument.Reveal())
        .FirstOrDefault(argument => argument.StartsWith("-p:" + name, StringComparison.Ordinal))?[("-p:" + name).Length..].Trim('"') ?? "";
}
