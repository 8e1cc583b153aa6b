using Kamal.Engine.Events;
using Kamal.Engine.Operations;
using Kamal.Engine.Results;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

public sealed class RegistryOperationTests : IDisposable
{
    private readonly OperationFixture _fixture = new();

    [Theory]
    [InlineData(false, false, true, true)]
    [InlineData(true, false, false, true)]
    [InlineData(false, true, true, false)]
    public async Task Logs_in_where_it_is_asked_to(bool skipLocal, bool skipRemote, bool here, bool there)
    {
        _fixture.Configure("");
        var sessions = await _fixture.RunAsync(
            RegistryOperations.Connect(new() { SkipLocal = skipLocal, SkipRemote = skipRemote, SessionOnly = true }));
        Assert.Equal(here, _fixture.Local.Displays.Contains("docker login -u user --password-stdin"));
        Assert.Equal(there ? ["docker login -u user --password-stdin >/dev/null"] : [], _fixture.Fleet.Ran("1.1.1.1"));
        Assert.Equal(
            new[] { here ? "" : null, there ? "1.1.1.1" : null }.OfType<string>(),
            sessions.Select(session => session.HostName ?? ""));
        Assert.All(sessions, session => Assert.Equal(("docker.io", HostOutcome.Succeeded), (session.Server, session.Outcome)));
    }

    [Fact]
    public async Task A_login_that_fails_where_docker_does_not_run_says_that()
    {
        const string down = "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?";
        const string said = "Get \"https://r.test/v2/\": http: server gave HTTP response to HTTPS client";
        _fixture.Configure("").Fleet.Fail("1.1.1.1", "Log in to the registry", error: said).Fail("1.1.1.1", "Ask Docker", error: down);
        _fixture.Local.Answer = command => command.Display.StartsWith("docker login", StringComparison.Ordinal) ? new(command, 1, "", said)
            : command.Display == "docker version" ? new(command, 1, "", down)
            : null;

        await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(RegistryOperations.Connect(new() { SkipLocal = true })));
        var here = await Assert.ThrowsAsync<KamalException>(
            () => _fixture.RunAsync(RegistryOperations.Connect(new() { SkipRemote = true })));

        var error = Assert.Single(_fixture.Sink.Events.OfType<HostFailed>()).Error;
        Assert.Equal(CauseName.DockerNotRunning, error.Cause?.Name);
        Assert.StartsWith("1.1.1.1: Docker is not running on the host: ", error.Message, StringComparison.Ordinal);
        Assert.Equal($"This machine could not log in to the registry: Docker is not running on this machine.\n{down}", here.Message);
    }

    [Fact]
    public async Task Logs_out_here_and_there()
    {
        _fixture.Configure("registry: { server: reg.example.com, username: user, password: [ PW ] }\n");
        await _fixture.RunAsync(RegistryOperations.Disconnect(new()));
        Assert.Equal(["docker logout reg.example.com"], _fixture.Local.Displays);
        Assert.Equal(["docker logout reg.example.com >/dev/null"], _fixture.Fleet.Ran("1.1.1.1"));
    }

    [Fact]
    public async Task A_registry_on_this_machine_is_started_and_removed()
    {
        _fixture.Configure("registry: { server: \"localhost:5555\" }\n");
        await _fixture.RunAsync(RegistryOperations.Connect(new()));
        await _fixture.RunAsync(RegistryOperations.Disconnect(new()));
        Assert.Equal(
            [
                "docker buildx version", "docker start kamal-docker-registry", "docker stop kamal-docker-registry",
                "docker rm kamal-docker-registry"],
            _fixture.Local.Displays);
        Assert.Empty(_fixture.Fleet.Scripts);
    }

    [Fact]
    public async Task Nobody_logs_in_to_a_registry_on_this_machine()
    {
        _fixture.Configure("registry: { server: \"localhost:5555\" }\n");
        var options = new RegistryOptions { SessionOnly = true };
        var login = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(RegistryOperations.Connect(options)));
        var logout = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(RegistryOperations.Disconnect(options)));
        Assert.Equal((KamalErrorId.ArgumentInvalid, KamalErrorId.ArgumentInvalid), (login.Id, logout.Id));
        Assert.Contains("registry setup", login.Recommendation, StringComparison.Ordinal);
        Assert.Contains("registry remove", logout.Recommendation, StringComparison.Ordinal);
    }

    public void Dispose() => _fixture.Dispose();
}
