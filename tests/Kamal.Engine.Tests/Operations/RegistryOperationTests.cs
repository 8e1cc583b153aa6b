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
