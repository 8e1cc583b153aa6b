using Kamal.Engine.Commands;
using Xunit;

namespace Kamal.Engine.Tests.Commands;

public sealed class HistoryListingTests
{
    [Fact]
    public void A_run_is_named_after_its_time() => Assert.Equal(
        "20260102T030405Z-0a1b2c3d", HistoryListing.RunName(new(2026, 1, 2, 4, 4, 5, TimeSpan.FromHours(1)), "0a1b2c3d"));

    [Theory]
    [InlineData("20260102T030405Z-0a1b2c3d/{\"operation\":7}")]
    [InlineData("20260102T030405Z-0a1b2c3d/{\"role\":\"web\"")]
    [InlineData("20260102T030405Z-0a1b2c3d/{[[[[}")]
    [InlineData("20269999T030405Z-0a1b2c3d/{\"operation\":\"deploy\"}")]
    [InlineData("../../etc/{\"operation\":\"deploy\"}")]
    [InlineData("20260102T030405Z-0a1b2c3d/*")]
    [InlineData("{}")]
    public void What_is_not_a_fact_is_left_out(string line) => Assert.Empty(HistoryListing.Parse("h", $"{line}\n"));
}
