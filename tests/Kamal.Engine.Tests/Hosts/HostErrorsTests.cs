using Kamal.Engine.Hosts;
using Xunit;

namespace Kamal.Engine.Tests.Hosts;

/// <summary>Errors that many hosts share are told once.</summary>
public sealed class HostErrorsTests
{
    [Theory]
    [InlineData(1, "h1")]
    [InlineData(4, "h1, h2, h3, h4")]
    [InlineData(6, "h1, h2 and 4 more")]
    public void Names_are_cut_where_they_are_many(int count, string names) =>
        Assert.Equal(names, HostErrors.Names([.. Enumerable.Range(1, count).Select(number => $"h{number}")]));

    [Fact]
    public void The_same_cause_on_many_hosts_is_one_error_that_names_them()
    {
        var folded = HostErrors.Fold(Enumerable.Range(1, 6).Select(number => Down($"h{number}"))).ToList();

        var error = Assert.Single(folded);
        Assert.Equal("On h1, h2 and 4 more: Docker is not running on the host.\nCannot connect", error.Message);
        Assert.Equal(["h1", "h2", "h3", "h4", "h5", "h6"], error.HostNames);
        Assert.Equal((CauseName.DockerNotRunning, "Start it", 6), (error.Cause?.Name, error.Recommendation, error.Causes.Length));
        Assert.Null(error.HostName);
    }

    [Fact]
    public void Other_causes_roles_and_errors_without_a_cause_stay_apart()
    {
        KamalException[] errors =
        [
            Down("h1"), new(KamalErrorId.RemoteCommandFailed, "h2: failed") { HostName = "h2" },
            new(KamalErrorId.RemoteCommandFailed, "h3: failed") { HostName = "h3" },
            Ended("web"), Ended("job"),
        ];

        Assert.Equal(errors, HostErrors.Fold(errors));
    }

    private static KamalException Ended(string role) => new(KamalErrorId.ContainerUnhealthy, $"h4 ({role}): ended")
    {
        HostName = "h4", Role = role, Cause = new(CauseName.Crashes, "ended"),
    };

    private static KamalException Down(string host) =>
        new(KamalErrorId.RemoteCommandFailed, $"{host}: Docker is not running on the host: …")
    {
        HostName = host,
        Recommendation = "Start it",
        Cause = new(CauseName.DockerNotRunning, "Docker is not running on the host")
        {
            Evidence = ["Cannot connect"], NextStep = "Start it",
        },
    };
}
