using Kamal.Engine.Events;
using Kamal.Engine.Local;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

public sealed class BuilderOperationTests : IDisposable
{
    private readonly OperationFixture _fixture = new();

    [Fact]
    public async Task An_existing_builder_is_kept()
    {
        _fixture.Configure("");
        Assert.True((await _fixture.RunAsync(BuildOperations.NewBuilder())).IsCreated);
        Assert.Equal(["docker buildx version", "docker buildx inspect kamal-local-docker-container"], _fixture.Local.Displays);
        Assert.Contains(
            _fixture.Sink.Events.OfType<MessageEmitted>(),
            message => message.Text == "The builder kamal-local-docker-container already exists.");
    }

    [Fact]
    public async Task Makes_and_removes_the_builder()
    {
        _fixture.Configure("");
        _fixture.Local.Answer = Missing;
        var made = await _fixture.RunAsync(BuildOperations.NewBuilder());
        var removed = await _fixture.RunAsync(BuildOperations.RemoveBuilder());
        Assert.Equal(("kamal-local-docker-container", BuilderKind.Local, true), (made.Name, made.Kind, made.IsCreated));
        Assert.False(removed.IsCreated);
        Assert.Equal(
            [
                "docker buildx version", "docker buildx inspect kamal-local-docker-container",
                "docker buildx rm kamal-local-docker-container",
                "docker buildx create --name kamal-local-docker-container --driver=docker-container",
                "docker buildx version", "docker buildx rm kamal-local-docker-container"],
            _fixture.Local.Displays);
    }

    [Fact]
    public async Task Asks_this_machines_engine_which_architectures_are_its_own()
    {
        _fixture.Configure("builder: { arch: [ amd64, arm64 ], remote: \"ssh://app@host\" }\n");
        _fixture.Local.Answer = command =>
            command.Display.StartsWith("docker info", StringComparison.Ordinal) ? new(command, 0, "aarch64\n") : Missing(command);
        var builder = await _fixture.RunAsync(BuildOperations.NewBuilder());
        Assert.Equal(BuilderKind.Hybrid, builder.Kind);
        Assert.Equal(
            "docker buildx create --platform linux/arm64 --name kamal-hybrid-docker-container-ssh---app-host --driver=docker-container",
            _fixture.Local.Displays.ElementAt(5));
    }

    [Fact]
    public async Task A_remote_builder_is_created_only_if_its_machine_can_be_reached()
    {
        _fixture.Configure("builder: { arch: arm64, remote: \"ssh://app@host\", local: false }\n");
        _fixture.Local.Answer = Missing;
        _fixture.Fleet.Unreachable("app@host");
        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(BuildOperations.NewBuilder()));
        Assert.Equal("app@host", error.HostName);
        Assert.DoesNotContain(_fixture.Local.Displays, line => line.Contains(" create ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_failure_to_make_it_is_an_error()
    {
        _fixture.Configure("");
        _fixture.Local.Answer = command =>
            command.Display.Contains("buildx create", StringComparison.Ordinal) ? new(command, 1, "", "no driver") : Missing(command);
        Assert.Equal(
            KamalErrorId.BuildFailed,
            (await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(BuildOperations.NewBuilder()))).Id);
    }

    [Theory]
    [
        InlineData(
            "NAME/NODE                           DRIVER/ENDPOINT\nkamal-local-docker-container*       docker-container\n \\_ " +
            "kamal-local-docker-container0   \\_ unix\n",
            true)]
    [InlineData("NAME/NODE   DRIVER/ENDPOINT\ndefault*    docker\nkamal-local-docker-container-2 docker-container\n", false)]
    public async Task Says_whether_the_builder_is_there(string listed, bool isCreated)
    {
        _fixture.Configure("");
        _fixture.Local.Answer = command => command.Display == "docker buildx ls" ? new(command, 0, listed) : null;
        var builder = await _fixture.RunAsync(BuildOperations.GetBuilder());
        Assert.Equal(isCreated, builder.IsCreated);
        Assert.Contains("NAME/NODE", builder.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_engines_own_builder_needs_nothing()
    {
        _fixture.Configure("builder: { arch: amd64, driver: docker }\n");
        Assert.True((await _fixture.RunAsync(BuildOperations.NewBuilder())).IsCreated);
        await _fixture.RunAsync(BuildOperations.RemoveBuilder());
        Assert.Empty(_fixture.Local.Displays);
    }

    private static LocalResult? Missing(LocalCommand command) =>
        command.Display.StartsWith("docker buildx inspect", StringComparison.Ordinal)
            ? new(command, 1, "", "ERROR: no builder \"x\" found\n")
            : null;

    public void Dispose() => _fixture.Dispose();
}
