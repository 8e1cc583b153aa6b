using Kamal.Engine.Hosts;
using Xunit;

namespace Kamal.Engine.Tests.Hosts;

public sealed class MarkerTests
{
    [Fact]
    public void ReadsWhatAScriptsShellSays()
    {
        Assert.Equal(new Marker('P', 0, 4711), Marker.Parse("P 4711", 2));
        Assert.Equal(new Marker('B', 1, 0), Marker.Parse("B1", 2));
        Assert.Equal(new Marker('S', 0, 0), Marker.Parse("S0", 2));
        Assert.Equal(new Marker('E', 1, 255), Marker.Parse("E1 255", 2));
        Assert.Equal(new Marker('D', 0, 0), Marker.Parse("D", 0));
    }

    [Theory]
    [InlineData("")]
    [InlineData("P")]
    [InlineData("P 0")]
    [InlineData("P 1")]
    [InlineData("P -2")]
    [InlineData("P 99999999999")]
    [InlineData("B")]
    [InlineData("B2")]
    [InlineData("B-1")]
    [InlineData("B99999999999")]
    [InlineData("E1")]
    [InlineData("E1 ")]
    [InlineData("E1 4294967296")]
    [InlineData("E1 18446744073709551616")]
    [InlineData("E1 0 0")]
    [InlineData("X1 0")]
    [InlineData("D ")]
    public void TakesNothingElse(string text) => Assert.Null(Marker.Parse(text, 2));
}
