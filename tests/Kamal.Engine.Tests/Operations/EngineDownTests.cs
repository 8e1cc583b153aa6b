using Kamal.Engine.Events;
using Kamal.Engine.Hosts;
using Kamal.Engine.Operations;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

/// <summary>A host whose Docker does not answer is not a host on which nothing runs.</summary>
[Trait("Category", "Linux")]
public sealed class EngineDownTests : IDisposable
{
    private const string Down =
        "echo 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?' >&2; exit 1";

    private readonly OperationFixture _fixture = new OperationFixture().Configure("servers: [ 1.1.1.1 ]\n");
    private readonly FolderHost _host = new();

    [Theory]
    [InlineData("version")]
    [InlineData("logs")]
    [InlineData("stale")]
    public async Task A_listing_fails_and_names_the_cause(string listing)
    {
        _host.Program("docker", Down);

        var error = await Assert.ThrowsAsync<KamalException>(() => RunAsync(listing));

        Assert.Equal(CauseName.DockerNotRunning, Assert.Single(error.Causes).Cause?.Name);
        Assert.Contains("1.1.1.1: Docker is not running on the host: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("systemctl start docker", error.Recommendation, StringComparison.Ordinal);
        Assert.Empty(_fixture.Sink.Events.OfType<ResultProduced>());
    }

    [Theory]
    [InlineData("version")]
    [InlineData("logs")]
    [InlineData("stale")]
    public async Task A_host_on_which_nothing_runs_is_not_an_error(string listing)
    {
        _host.Program("docker", "exit 0");

        await RunAsync(listing);

        Assert.DoesNotContain(_fixture.Sink.Events, item => item is HostFailed);
    }

    public void Dispose()
    {
        _fixture.Dispose();
        _host.Dispose();
    }

    private async Task RunAsync(string listing)
    {
        await using var pool = new HostConnectionPool(_host.Connector());
        var fleet = Fleets.Over(pool, _fixture.Sink);
        await (listing switch
        {
            "version" => _fixture.RunAsync(ListingOperations.Versions(), fleet),
            "logs" => _fixture.RunAsync(LogOperations.OfApp(new()), fleet),
            _ => (Task)_fixture.RunAsync(AppOperations.StaleContainers(stop: false), fleet),
        });
    }
}
