using Kamal.Engine.Events;
using Kamal.Engine.Operations;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

/// <summary>A reboot that is stopped in the middle leaves nothing stopped.</summary>
public sealed class StoppedRebootTests : IDisposable
{
    private readonly OperationFixture _fixture = new OperationFixture().Configure("""
        servers: [ 1.1.1.1 ]
        accessories: { db: { image: "postgres:16", host: 1.1.1.1 } }
        """);

    [Theory]
    [InlineData("Stop the proxy")]
    [InlineData("Remove the proxy's container")]
    [InlineData("Start a new proxy")]
    public async Task AProxyRunsAgain(string step)
    {
        _fixture.Fleet.Stop("1.1.1.1", step);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _fixture.RunAsync(ProxyOperations.Reboot(rolling: false)));

        Assert.Contains(_fixture.Fleet.Scripts, script => script.Phase == "Clean up");
        Assert.Contains(
            _fixture.Fleet.Ran("1.1.1.1"),
            command => command.StartsWith("docker container start kamal-proxy 2>/dev/null || ", StringComparison.Ordinal));
        Assert.Contains(
            _fixture.Sink.Events.OfType<MessageEmitted>(),
            message => message.Text.Contains("what it replaces runs there again", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Stop the accessory")]
    [InlineData("Remove the accessory's container")]
    [InlineData("Write the environment file")]
    [InlineData("Start the accessory's container")]
    public async Task AnAccessoryRunsAgain(string step)
    {
        _fixture.Fleet.Stop("1.1.1.1", step);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _fixture.RunAsync(AccessoryOperations.Reboot(["db"])));

        Assert.Contains(
            _fixture.Fleet.Ran("1.1.1.1"),
            command =>
                command.StartsWith("docker container start app-db 2>/dev/null || docker run --name app-db ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AnAccessoryIsLeftAloneBeforeItWasTouched()
    {
        _fixture.Fleet.Stop("1.1.1.1", "Pull the accessory's image");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _fixture.RunAsync(AccessoryOperations.Reboot(["db"])));

        Assert.DoesNotContain(_fixture.Fleet.Scripts, script => script.Phase == "Clean up");
    }

    public void Dispose() => _fixture.Dispose();
}
