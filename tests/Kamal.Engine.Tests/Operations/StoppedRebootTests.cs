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
            message => message.Text.Contains("what it had stopped is running again", StringComparison.Ordinal));
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

    [Theory]
    [InlineData("Stop the accessory")]
    [InlineData("Start the accessory")]
    public async Task AnAccessoryWhoseRestartWasStoppedIsStartedAgain(string step)
    {
        _fixture.Fleet.Stop("1.1.1.1", step);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _fixture.RunAsync(AccessoryOperations.Restart(["db"])));

        var cleanUp = Assert.Single(_fixture.Fleet.Scripts, script => script.Phase == "Clean up").Script;
        Assert.Contains(cleanUp.Steps, one => one.Command.Text.StartsWith("docker container start app-db", StringComparison.Ordinal));
        Assert.Contains(
            _fixture.Sink.Events.OfType<MessageEmitted>(),
            message => message.HostName == "1.1.1.1" && message.Text == "'Restart db' was stopped; what it had stopped is running again.");
    }

    [Fact]
    public async Task AnAccessoryThatWasNotTouchedYetIsNotStarted()
    {
        _fixture.Fleet.Stop("1.1.1.1", "Record the stop");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _fixture.RunAsync(AccessoryOperations.Restart(["db"])));

        Assert.DoesNotContain(_fixture.Fleet.Scripts, script => script.Phase == "Clean up");
    }

    [Theory]
    [InlineData("Stop the proxy")]
    [InlineData("Start the proxy")]
    public async Task AProxyWhoseRestartWasStoppedIsStartedAgain(string step)
    {
        _fixture.Fleet.Stop("1.1.1.1", step);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _fixture.RunAsync(ProxyOperations.Restart()));

        var cleanUp = Assert.Single(_fixture.Fleet.Scripts, script => script.Phase == "Clean up").Script;
        Assert.Contains(cleanUp.Steps, one => one.Command.Text.StartsWith("docker container start kamal-proxy", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Stop the proxy", true)]
    [InlineData("Remove Traefik", false)]
    public async Task AnUpgradeThatWasStoppedLeavesAProxyOnceItHasBegunToRemoveOne(string step, bool starts)
    {
        _fixture.Fleet.Stop("1.1.1.1", step);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _fixture.RunAsync(ProxyOperations.Upgrade(rolling: false)));

        Assert.Equal(starts, _fixture.Fleet.Scripts.Any(script => script.Phase == "Clean up"
            && script.Script.Steps.Any(one => one.Name == "Start the proxy again")));
    }

    public void Dispose() => _fixture.Dispose();
}
