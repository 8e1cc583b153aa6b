using Kamal.Engine.Events;
using Kamal.Engine.Operations;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

/// <summary>Hosts that a parameter or the file leaves out: three hosts with the web role, and a fourth with a worker.</summary>
public sealed class ExcludedHostsTests : IDisposable
{
    private const string Lines = """
        servers:
          web: [ 1.1.1.1, 1.1.1.2, 1.1.1.3 ]
          worker: { hosts: [ 1.1.1.4 ], cmd: work, proxy: false }
        readiness_delay: 0
        """;

    private static readonly string[] Hosts = ["1.1.1.1", "1.1.1.2", "1.1.1.3", "1.1.1.4"];

    private readonly OperationFixture _fixture = new OperationFixture().Configure(Lines);

    private RecordingFleet Fleet => _fixture.Fleet;

    /// <inheritdoc/>
    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Excluded_hosts_are_not_connected_to()
    {
        var configuration = await _fixture.LoadAsync();

        HostSelection Without(params string[] hosts) => new(configuration, excluded: hosts);

        Assert.Equal(["1.1.1.2", "1.1.1.3", "1.1.1.4"], Without("1.1.1.1").Hosts);
        Assert.Equal("1.1.1.2", Without("1.1.1.1").PrimaryHost);
        Assert.Equal("web", Without("1.1.1.1").PrimaryRole!.Name);
        Assert.Equal("worker", Without(Hosts[..3]).PrimaryRole!.Name);
        Assert.Equal(["1.1.1.1"], new HostSelection(configuration, ["1.1.1.1", "1.1.1.2"], excluded: ["1.1.1.2"]).Hosts);
        Assert.Equal(["1.1.1.2", "1.1.1.3"], new HostSelection(configuration, roleNames: ["web"], excluded: ["*.1"]).Hosts);
        Assert.Equal(KamalErrorId.HostNotFound, Assert.Throws<KamalException>(() => Without("1.1.1.9")).Id);
        Assert.Equal(
            "No hosts are left after excluding 1.1.1.1, 1.1.1.2, 1.1.1.3, 1.1.1.4.", Assert.Throws<KamalException>(() => Without("*")).Message);
    }

    [Fact]
    public async Task The_file_excludes_hosts_that_no_parameter_names()
    {
        _fixture.Configure(Lines + "\nx-kamal-ps: { exclude_hosts: [ 1.1.1.1, \"*.3\" ] }\n");
        var configuration = await _fixture.LoadAsync();

        HostSelection Select(string[]? names = null, string[]? excluded = null) => new(configuration, names, excluded: excluded);

        Assert.Equal(["1.1.1.2", "1.1.1.4"], Select().Hosts);
        Assert.Equal(["1.1.1.1", "1.1.1.3"], Select().ExcludedByFile);
        Assert.Equal("1.1.1.2", Select().PrimaryHost);
        Assert.Equal(["1.1.1.1"], Select(["1.1.1.1"]).Hosts);
        Assert.Empty(Select(["1.1.1.1"]).ExcludedByFile);
        Assert.Equal(["1.1.1.2", "1.1.1.4"], Select(["*"]).Hosts);
        Assert.Equal(["1.1.1.1", "1.1.1.2", "1.1.1.3"], Select(excluded: ["1.1.1.4"]).Hosts);
        Assert.Equal(KamalErrorId.HostNotFound, Assert.Throws<KamalException>(() => Select(["*.3"])).Id);
    }

    [Fact]
    public async Task A_deploy_says_which_hosts_the_file_excludes()
    {
        _fixture.Configure(Lines + "\nx-kamal-ps: { exclude_hosts: [ 1.1.1.3 ] }\n");

        var results = await _fixture.RunAsync(DeployOperations.Deploy(new() { SkipPush = true }));

        Assert.DoesNotContain(results, result => result.HostName == "1.1.1.3");
        Assert.Contains(_fixture.Sink.Messages, message => message.Severity == MessageSeverity.Warning
            && message.Text == "exclude_hosts in deploy.yml leaves out 1.1.1.3.");
        Assert.DoesNotContain(Fleet.Scripts, script => script.HostName == "1.1.1.3");
    }
}
