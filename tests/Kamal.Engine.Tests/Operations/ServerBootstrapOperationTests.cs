using Kamal.Engine.Operations;
using Kamal.Engine.Results;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

public sealed class ServerBootstrapOperationTests : IDisposable
{
    private const string Phase = "Make sure that Docker is installed";

    private readonly OperationFixture _fixture = new OperationFixture().Configure("servers: [ 1.1.1.1, 1.1.1.2 ]\n")
        .Write(".kamal/hooks/docker-setup", "#!/bin/sh\n");

    [Trait("Category", "Linux")]
    [Fact]
    public async Task A_host_that_has_Docker_is_left_alone()
    {
        _fixture.Fleet.Answer("Look for Docker", "Docker version 28.0.0");
        var results = await _fixture.RunAsync(ServerOperations.Initialize());
        Assert.Equal(["Acquire the deploy lock", Phase, "Release the deploy lock"], _fixture.Fleet.Phases);
        Assert.Equal(["docker -v"], _fixture.Fleet.Ran("1.1.1.2").Where(command => command.Contains("docker", StringComparison.Ordinal)));
        Assert.Equal([("1.1.1.1", "Look for Docker", HostOutcome.Succeeded), ("1.1.1.2", "Look for Docker", HostOutcome.Succeeded)],
            results.Select(result => (result.HostName, result.Operation, result.Outcome)));
        Assert.EndsWith("docker-setup", _fixture.Local.Commands[^1].FileName, StringComparison.Ordinal);
        Assert.Empty(_fixture.Fleet.Disconnects);
    }

    [Fact]
    public async Task Docker_is_installed_where_it_is_missing_and_a_new_member_of_the_group_logs_in_anew()
    {
        _fixture.Fleet.Answer("Look for Docker", "Docker version 28.0.0", "1.1.1.1").Fail("1.1.1.2", "Look for Docker");
        var results = await _fixture.RunAsync(ServerOperations.Initialize());
        Assert.Contains(
            "sh -c 'curl -fsSL https://get.docker.com || wget -O - https://get.docker.com || echo '\\''exit 1'\\''' | sh",
            _fixture.Fleet.Ran("1.1.1.2"));
        Assert.Equal(["1.1.1.2"], _fixture.Fleet.Disconnects);
        Assert.Equal("Install Docker", results.Single(result => result.HostName == "1.1.1.2").Operation);
    }

    [Fact]
    public async Task Hosts_where_it_cannot_be_installed_are_all_named()
    {
        foreach (var host in new[] { "1.1.1.1", "1.1.1.2" }) _fixture.Fleet.Fail(host, "Look for Docker")
            .Fail(host, "Look whether Docker may be installed");
        var error = await Assert.ThrowsAsync<KamalException>(() => _fixture.RunAsync(ServerOperations.Initialize()));
        Assert.Equal(KamalErrorId.DockerMissing, error.Id);
        Assert.Contains("There is no Docker on 1.1.1.1, 1.1.1.2", error.Message, StringComparison.Ordinal);
        Assert.Equal("Release the deploy lock", _fixture.Fleet.Phases[^1]);
        Assert.Empty(_fixture.Local.Commands);
    }

    [Fact]
    public async Task The_group_is_joined_only_by_who_needs_it()
    {
        _fixture.Fleet.Fail("1.1.1.1", "Look for Docker");
        await _fixture.RunAsync(ServerOperations.Initialize());
        var join = _fixture.Fleet.Scripts.First(script => script.Phase == Phase).Script.Steps.Single(step =>
            step.Name == "Join the docker group");
        Assert.Equal("[ -z \"${docker}\" ] && ! [ \"${EUID:-$(id -u)}\" -eq 0 ] && ! id -nG \"${USER:-$(id -un)}\" | grep -qw docker",
            join.When!.Text.Replace("'['", "[", StringComparison.Ordinal).Replace("']'", "]", StringComparison.Ordinal));
    }

    public void Dispose() => _fixture.Dispose();
}
