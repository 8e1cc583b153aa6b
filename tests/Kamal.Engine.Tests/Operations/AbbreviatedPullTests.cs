using Kamal.Engine.Events;
using Kamal.Engine.Operations;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Operations;

/// <summary>A deploy takes a version as it is given, so one that a table has shortened is not in the registry.</summary>
public sealed class AbbreviatedPullTests
{
    private const string Missing = "Error response from daemon: manifest for dhh/app:4f926d9 not found: manifest unknown";

    [Theory]
    [InlineData("4f926d9", true)]
    [InlineData("v42", false)]
    public async Task The_error_says_so(string version, bool mayBeShort)
    {
        using var fixture = new OperationFixture(version).Configure("servers: [ 1.1.1.1 ]\n");
        fixture.Fleet.Fail("1.1.1.1", "Pull the image", error: Missing);

        await Assert.ThrowsAsync<KamalException>(() => fixture.RunAsync(DeployOperations.Deploy(new() { SkipPush = true })));

        var error = Assert.Single(fixture.Sink.Events.OfType<HostFailed>()).Error;
        Assert.Equal(CauseName.ImageNotFound, error.Cause?.Name);
        Assert.Equal(mayBeShort, error.Recommendation!.StartsWith(
            $"If {version} is the beginning of a commit, give all of it: git rev-parse {version}. ", StringComparison.Ordinal));
        Assert.Contains("Leave out -SkipPush", error.Recommendation, StringComparison.Ordinal);
        Assert.Equal(error.Recommendation, error.Cause?.NextStep);
    }
}
