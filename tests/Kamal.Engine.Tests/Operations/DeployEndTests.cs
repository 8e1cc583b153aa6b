using Kamal.Engine.Operations;
using Kamal.Engine.Results;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

/// <summary>The line that ends a deploy.</summary>
public sealed class DeployEndTests
{
    private const string New = "54e13d6a0b1c2d3e4f5061728394a5b6c7d8e9f0";
    private const string Old = "4f926d91d2e3f4a5b6c7d8e9f00112233445566a";

    [Fact]
    public void It_names_versions_hosts_and_time() => Assert.Equal(
        "shop 54e13d6 on 3 hosts in 9.2 s; before: 4f926d9",
        Text(null, Result("web1", "web", Old), Result("web1", "worker", Old), Result("web2", "web", Old), Result("job1", "worker", Old)));

    [Fact]
    public void It_names_the_only_host_and_nothing_before_a_first_deploy() =>
        Assert.Equal("shop (staging) 54e13d6 on web1 in 9.2 s", Text("staging", Result("web1", "web", null)));

    [Fact]
    public void It_names_all_versions_that_ran_before() => Assert.Equal(
        "shop 54e13d6 on 2 hosts in 9.2 s; before: 4f926d9, v2", Text(null, Result("web1", "web", Old), Result("web2", "web", "v2")));

    private static string Text(string? destination, params KamalDeployResult[] results) =>
        DeployEnd.Text("shop", destination, results, TimeSpan.FromSeconds(9.24));

    private static KamalDeployResult Result(string host, string role, string? before) =>
        new(host, role, New, HostOutcome.Succeeded) { PreviousVersion = before, State = KamalDeployState.Switched };
}
