using Kamal.Engine.Commands;
using Kamal.Engine.Results;
using Xunit;

namespace Kamal.Engine.Tests.Commands;

public sealed class DockerListingsTests
{
    [Fact]
    public void ReadsContainers()
    {
        const string output = """
            {"id":"0a1b2c3d4e5f","name":"app-web-abc","image":"dhh/app:abc","state":"running","status":"Up 3 minutes (healthy)","ports":"80/tcp","created":"2026-01-02 15:04:05 +0100 CET","service":"app","role":"web","destination":""}
            {"id":"1a1b2c3d4e5f","name":"app-web-old","image":"dhh/app:old","state":"exited","status":"Exited (137) 2 hours ago","ports":"","created":"odd","service":"app","role":"web","destination":""}
            """;

        var containers = DockerListings.Containers("h", KamalContainerKind.App, output).ToList();

        Assert.Equal(2, containers.Count);
        Assert.Equal(new KamalContainer("h", KamalContainerKind.App, "app-web-abc")
        {
            ContainerId = "0a1b2c3d4e5f",
            Service = "app",
            Role = "web",
            Image = "dhh/app:abc",
            State = KamalContainerState.Running,
            Status = "Up 3 minutes (healthy)",
            Health = "healthy",
            Ports = "80/tcp",
            CreatedAt = new DateTimeOffset(2026, 1, 2, 15, 4, 5, TimeSpan.FromHours(1)),
        }, containers[0]);
        Assert.Equal(KamalContainerState.Exited, containers[1].State);
        Assert.Null(containers[1].Health);
        Assert.Null(containers[1].CreatedAt);
    }

    [Theory]
    [InlineData("Up 2 seconds (health: starting)", "starting")]
    [InlineData("Up 2 seconds", null)]
    [InlineData("Up 2 seconds (Paused)", null)]
    public void ReadsHealth(string status, string? health)
    {
        var output = $$"""{"id":"x","name":"n","image":"i","state":"running","status":"{{status}}"}""";

        Assert.Equal(health, DockerListings.Containers("h", KamalContainerKind.App, output).Single().Health);
    }

    [Theory]
    [InlineData("dhh/app:v1", "v1")]
    [InlineData("localhost:5000/app", null)]
    [InlineData("localhost:5000/app:v1", "v1")]
    [InlineData("app@sha256:abc", null)]
    public void FindsAnImagesTag(string image, string? tag) => Assert.Equal(tag, DockerListings.Tag(image));
}
